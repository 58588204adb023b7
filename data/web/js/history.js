// SPDX-License-Identifier: MIT
import { readMetrics, readStreamStatus } from "./server_facts.js";

/** Samples of the server's counters over the last minutes, each as what a person wants to know. Unknown is null. */

export const span = 5 * 60;  // seconds that are kept
const interval = 3;

const sum = (details, field) => details.reduce((total, detail) => total + (detail[field] ?? 0), 0);

/** Packets counted per stream: a stream that ended must not look like a step back. */
function lossBetween(before, now) {
  let lost = 0;
  let received = 0;
  for (const detail of now) {
    const earlier = before.find(({ id }) => id === detail.id);
    if (!earlier || detail.received_packets === undefined) continue;
    lost += Math.max(0, detail.lost_packets - earlier.lost_packets);
    received += Math.max(0, detail.received_packets - earlier.received_packets);
  }
  return lost + received > 0 ? (100 * lost) / (lost + received) : null;
}

export class History {
  #timer = 0;
  #last = null;
  #onSample;
  samples = [];

  constructor(onSample) {
    this.#onSample = onSample;
  }

  start() {
    if (this.#timer) return;
    this.#timer = setInterval(() => this.#take(), interval * 1000);
    this.#take();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  async #take() {
    if (document.hidden) return;
    const [metrics, status] = await Promise.all([readMetrics(), readStreamStatus()]);
    if (!metrics) return;
    const now = { time: Date.now() / 1000, metrics, details: status?.details ?? [] };
    const hasRestarted = this.#last && metrics.uptime_seconds < this.#last.metrics.uptime_seconds;
    this.samples.push(this.#describe(hasRestarted ? null : this.#last, now));
    this.#last = now;
    this.samples = this.samples.filter(({ time }) => time > now.time - span);
    this.#onSample(metrics);
  }

  #describe(before, { time, metrics, details }) {
    const rate = (field) => {
      if (!before || metrics[field] === undefined) return null;
      return Math.max(0, (metrics[field] - before.metrics[field]) / (time - before.time));
    };
    const scale = (value, factor) => (value === null ? null : value * factor);
    const webrtc = metrics.receivers ?? sum(details, "webrtc_listeners");
    return {
      time,
      streams: metrics.active_streams,
      listeners: webrtc + (metrics.mp3_listeners ?? 0) + (metrics.opus_listeners ?? 0),
      received: scale(rate("total_audio_bytes"), 8 / 1000),
      mp3: scale(rate("mp3_bytes_sent"), 8 / 1000),
      loss: before && lossBetween(before.details, details),
      cpu: scale(rate("cpu_seconds"), 100),
    };
  }
}
