// SPDX-License-Identifier: MIT

/** Keeps the screen on while wanted; browsers take the lock away whenever the page is hidden. */

let isWanted = false;
let lock = null;

async function take() {
  if (!isWanted || lock || document.hidden) return;
  try {
    lock = await navigator.wakeLock?.request("screen");
    lock?.addEventListener("release", () => (lock = null));
    if (!isWanted) release();
  } catch {
    // A low battery, or no such feature: the voice goes on all the same.
  }
}

function release() {
  lock?.release();
  lock = null;
}

export function keepAwake(isNeeded) {
  isWanted = isNeeded;
  isNeeded ? take() : release();
}

document.addEventListener("visibilitychange", take);
