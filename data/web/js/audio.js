// SPDX-License-Identifier: MIT

/** The one AudioContext of the page, for the level meters. Browsers let it run only after a click. */

let context;

export function audioContext() {
  context ??= new AudioContext();
  return context;
}

/** To be called from within a click or a key press. */
export function wakeAudio() {
  if (audioContext().state === "suspended") audioContext().resume().catch(() => {});
}

for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => context && wakeAudio(), { capture: true });
