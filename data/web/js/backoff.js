// SPDX-License-Identifier: MIT

/** How long to wait before each new try: longer and longer, and not all clients at the same moment. */

const steps = [500, 1000, 2000, 4000, 8000, 10_000];  // milliseconds; the last one stays
const spread = 0.25;

export class Backoff {
  #tries = 0;

  /** Milliseconds until the next try. */
  next() {
    const step = steps[Math.min(this.#tries, steps.length - 1)];
    this.#tries += 1;
    return step * (1 - spread + 2 * spread * Math.random());
  }

  /** It went well: the next trouble begins with short waits again. */
  reset() {
    this.#tries = 0;
  }
}
