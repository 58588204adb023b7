// SPDX-License-Identifier: MIT
import { audioContext } from "./audio.js";

const floor = -54;  // dB below full scale that still move the meter
const fall = 1.6;  // full lengths per second
const spoken = 700;  // milliseconds between the words for a screen reader

const words = (level) => (level < 0.08 ? "silent" : level < 0.4 ? "quiet" : level < 0.9 ? "good" : "very loud");

/** Shows the level of a MediaStream by the custom property --level (0 to 1) of its elements, and in words. */
export class Meter {
  #meter;
  #elements;
  #source = null;
  #analyser = null;
  #wave = null;
  #frame = 0;
  #last = 0;
  #spoken = 0;
  #level = 0;

  /** `meter` has the role of a meter; `others` move with it. */
  constructor(meter, ...others) {
    this.#meter = meter;
    this.#elements = [meter, ...others];
  }

  attach(stream) {
    this.detach();
    this.#analyser ??= new AnalyserNode(audioContext(), { fftSize: 1024 });
    this.#wave ??= new Float32Array(this.#analyser.fftSize);
    this.#source = audioContext().createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
    this.#last = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  detach() {
    cancelAnimationFrame(this.#frame);
    this.#source?.disconnect();
    this.#source = null;
    this.#level = 0;
    this.#show(performance.now());
  }

  #draw(now) {
    this.#analyser.getFloatTimeDomainData(this.#wave);
    const power = this.#wave.reduce((sum, value) => sum + value * value, 0) / this.#wave.length;
    const loudness = 1 - (10 * Math.log10(power + 1e-12)) / floor;
    const fallen = this.#level - (fall * (now - this.#last)) / 1000;
    this.#level = Math.min(1, Math.max(0, loudness, fallen));
    this.#last = now;
    this.#show(now);
    this.#frame = requestAnimationFrame((next) => this.#draw(next));
  }

  #show(now) {
    for (const element of this.#elements) element.style.setProperty("--level", this.#level.toFixed(3));
    if (this.#source && now - this.#spoken < spoken) return;
    this.#spoken = now;
    this.#meter.setAttribute("aria-valuenow", Math.round(this.#level * 100));
    this.#meter.setAttribute("aria-valuetext", words(this.#level));
  }
}
