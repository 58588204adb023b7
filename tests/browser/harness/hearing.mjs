// SPDX-License-Identifier: MIT

// What comes out at the listener's end, measured.

import assert from "node:assert/strict";

import { patience, within } from "./wait.mjs";

/**
 * Waits until the page hears a tone of this pitch from the last stream it received, and gives its pitch in Hz and level
 * (root mean square, 1 is full scale).
 */
export async function hear(page, pitch, { tolerance = 5, level = 0.1 } = {}) {
  const found = await within(
    page.evaluate(listenFor, { pitch, tolerance, level, patience }),
    `a tone of ${pitch} Hz`,
    patience + 5_000,
  );
  assert.ok(found.heard, `no ${pitch} Hz; last heard ${JSON.stringify(found)}\n${page.complaints.join("\n")}`);
  return found;
}

/** Runs in the page. */
async function listenFor({ pitch, tolerance, level, patience }) {
  const context = new AudioContext();
  await context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 });
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  const wave = new Float32Array(analyser.fftSize);
  const end = performance.now() + patience;
  let source, connected, result = {};
  while (performance.now() < end) {
    const stream = globalThis.seen.heard.at(-1);
    if (stream && stream !== connected) {
      source?.disconnect();
      source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
      source.connect(analyser);
      connected = stream;
    }
    analyser.getFloatFrequencyData(spectrum);
    analyser.getFloatTimeDomainData(wave);
    const peak = spectrum.reduce((best, value, i) => (value > spectrum[best] ? i : best), 0);
    const rms = Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length);
    result = { pitch: (peak * context.sampleRate) / analyser.fftSize, level: rms };
    if (rms >= level && Math.abs(result.pitch - pitch) <= tolerance) {
      result.heard = true;
      break;
    }
    await new Promise(requestAnimationFrame);
  }
  await context.close();
  return result;
}

/**
 * The same for a Firefox on a machine without a sound card, where no AudioContext runs: what it records is decoded, and the
 * pitch counted in the loudest part.
 */
export async function hearByRecording(page, pitch, { tolerance = 10, level = 0.05 } = {}) {
  const end = performance.now() + patience;
  let found;
  do {
    found = await within(page.evaluate(recordPiece), "a recording");
    if (found.level >= level && Math.abs(found.pitch - pitch) <= tolerance) return found;
  } while (performance.now() < end);
  assert.fail(`no ${pitch} Hz; last heard ${JSON.stringify(found)}\n${page.complaints.join("\n")}`);
}

/** Runs in the page. */
async function recordPiece() {
  const recorder = new MediaRecorder(seen.heard.at(-1));
  const recorded = new Promise((done) => (recorder.ondataavailable = ({ data }) => done(data)));
  recorder.start(2000);  // longer than a syllable and its pause
  const bytes = await (await recorded).arrayBuffer();
  recorder.stop();
  const audio = await new OfflineAudioContext(1, 48_000, 48_000).decodeAudioData(bytes);
  const wave = audio.getChannelData(0);
  const size = 9600;
  let best = { level: 0, pitch: 0 };
  for (let start = 0; start + size <= wave.length; start += size / 4) {
    const part = wave.subarray(start, start + size);
    const level = Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / size);
    const rises = part.reduce((count, value, i) => count + (i > 0 && part[i - 1] < 0 && value >= 0), 0);
    if (level > best.level) best = { level, pitch: (rises * audio.sampleRate) / size };
  }
  return best;
}
