// SPDX-License-Identifier: MIT

// The fake microphone's sound.

import { writeFile } from "node:fs/promises";

/**
 * Loudness over time: 0.8 s of voice, 0.8 s of rest. A browser's noise suppression takes a steady tone, or short ones in
 * quick repetition, for noise and nearly removes it; this it leaves alone.
 */
const syllable = (time) => Math.sin(Math.PI * Math.min(1, (time % 1.6) / 0.8)) ** 2;

/** Writes a WAV file of one pitch in syllables, 16 bit mono. Chromium plays it over and over. */
export async function writeTone(path, { pitch, seconds = 8, rate = 48_000, level = 0.5 }) {
  const samples = seconds * rate;
  const file = Buffer.alloc(44 + samples * 2);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);  // PCM
  file.writeUInt16LE(1, 22);  // channels
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i += 1) {
    file.writeInt16LE(Math.round(32767 * level * syllable(i / rate) * Math.sin((2 * Math.PI * pitch * i) / rate)), 44 + i * 2);
  }
  await writeFile(path, file);
}
