// SPDX-License-Identifier: MIT
import { find, fromTemplate, setText } from "./dom.js";
import { span } from "./history.js";

const width = 200;
const height = 56;
/** A young history is drawn over a shorter time, which grows until all of it is there. */
const shortest = 60;

/** After a pause (the page was hidden) a line would tell what nobody measured. */
const gap = 15;

/** The next round figure at or above: 1, 2, 5, 10, 20 … */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}

/** One figure over the last minutes, as a small line that can be pointed at. */
export class Chart {
  #field;
  #format;
  #least;
  #samples = [];
  #pointed = null;  // 0 to 1 of the width
  #span = shortest;  // seconds over the width
  element = fromTemplate("chart-template");

  /** `least`: the scale reaches at least so far, so that a quiet server draws a quiet line. */
  constructor({ field, title, format, least }) {
    this.#field = field;
    this.#format = format;
    this.#least = least;
    setText(find(".chart-title", this.element), title);
    this.title = title;
    const svg = find("svg", this.element);
    svg.addEventListener("pointermove", (event) => {
      const { left, width: wide } = svg.getBoundingClientRect();
      this.#pointed = (event.clientX - left) / wide;
      this.#showValue();
    });
    svg.addEventListener("pointerleave", () => {
      this.#pointed = null;
      this.#showValue();
    });
  }

  draw(samples) {
    this.#samples = samples.filter((sample) => typeof sample[this.#field] === "number");
    this.element.hidden = samples.length > 1 && this.#samples.length === 0;  // an older server does not tell
    const values = this.#samples.map((sample) => sample[this.#field]);
    const top = roundUp(Math.max(this.#least, ...values));
    const end = samples.at(-1)?.time ?? 0;
    this.#span = Math.min(span, Math.max(shortest, end - (samples[0]?.time ?? end)));
    const points = this.#samples.map((sample) => ({
      x: width * (1 - (end - sample.time) / this.#span),
      y: height * (1 - sample[this.#field] / top),
      time: sample.time,
    }));
    const runs = this.#split(points);
    const line = (run) => "M" + run.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
    const area = (run) => `${line(run)}L${run.at(-1).x.toFixed(1)} ${height}L${run[0].x.toFixed(1)} ${height}Z`;
    find(".chart-line", this.element).setAttribute("d", runs.map(line).join(""));
    find(".chart-area", this.element).setAttribute("d", runs.map(area).join(""));
    setText(find(".chart-top", this.element), this.#format(top));
    setText(find(".chart-from", this.element), `${Math.floor(this.#span / 60)} min ago`);
    const svg = find("svg", this.element);
    const now = values.length ? this.#format(values.at(-1)) : "unknown";
    const most = values.length ? this.#format(Math.max(...values)) : "unknown";
    svg.setAttribute("aria-label", `${this.title}, the last minutes: now ${now}, at most ${most}`);
    this.#showValue();
  }

  #split(points) {
    const runs = [];
    for (const point of points) {
      const run = runs.at(-1);
      if (run && point.time - run.at(-1).time < gap) run.push(point);
      else runs.push([point]);
    }
    return runs;
  }

  /** The newest figure, or the one that is pointed at. */
  #showValue() {
    const last = this.#samples.at(-1);
    const label = find(".chart-value", this.element);
    const cursor = find(".chart-cursor", this.element);
    cursor.removeAttribute("d");
    if (!last) return setText(label, "–");
    if (this.#pointed === null) return void (label.textContent = this.#format(last[this.#field]));
    const time = last.time - this.#span * (1 - this.#pointed);
    const distance = (sample) => Math.abs(sample.time - time);
    const near = this.#samples.reduce((best, sample) => (distance(sample) < distance(best) ? sample : best));
    const x = width * (1 - (last.time - near.time) / this.#span);
    cursor.setAttribute("d", `M${x.toFixed(1)} 0V${height}`);
    const ago = Math.round(last.time - near.time);
    label.textContent = this.#format(near[this.#field]);
    if (ago) label.append(Object.assign(document.createElement("small"), { textContent: ` ${ago} s ago` }));
  }
}
