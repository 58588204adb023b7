// SPDX-License-Identifier: MIT
import { Chart } from "./chart.js";
import { find, setText } from "./dom.js";
import { History } from "./history.js";
import { recall, remember } from "./settings.js";

const count = (value) => String(Math.round(value));
const bitRate = (value) => (value >= 1000 ? `${(value / 1000).toFixed(1)} Mbit/s` : `${Math.round(value)} kbit/s`);
const percent = (value) => `${value < 10 && value % 1 ? value.toFixed(1) : Math.round(value)} %`;

const charts = [
  { field: "listeners", title: "Listeners", format: count, least: 5 },
  { field: "streams", title: "Voices", format: count, least: 5 },
  { field: "received", title: "Voice in", format: bitRate, least: 50 },
  { field: "mp3", title: "MP3 out", format: bitRate, least: 200 },
  { field: "loss", title: "Packets lost", format: percent, least: 2 },
  { field: "cpu", title: "Processor", format: percent, least: 10 },
].map((description) => new Chart(description));

function uptime(seconds) {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60].map(Math.floor);
  if (days) return `${days} d ${hours} h`;
  return hours ? `${hours} h ${minutes} min` : `${minutes} min`;
}

/** The card with the charts. It asks the server only while it is open. */
export class StatusView {
  #version = null;

  constructor() {
    const details = find("#status");
    find("#charts").replaceChildren(...charts.map((chart) => chart.element));
    const history = new History((metrics) => {
      for (const chart of charts) chart.draw(history.samples);
      this.#note(metrics);
    });
    details.addEventListener("toggle", () => {
      remember("status", details.open);
      details.open ? history.start() : history.stop();
    });
    details.open = recall("status", matchMedia("(min-width: 52rem)").matches);
  }

  set version(version) {
    this.#version = version;
  }

  #note({ uptime_seconds: seconds, version }) {
    const name = this.#version ?? version;
    setText(find("#status-note"), `${name ? `${name}, ` : ""}up ${uptime(seconds)}`);
  }
}
