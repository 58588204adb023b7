// SPDX-License-Identifier: MIT
import { Emitter } from "./emitter.js";

/**
 * The page's loudspeaker. Emits "blocked" with true while it is silent until somebody taps: the browser waits for a click,
 * or a headset's button, a call or the system has paused it.
 */
export class Player extends Emitter {
  #audio;
  isBlocked = false;

  constructor(audio) {
    super();
    this.#audio = audio;
    // A stream that ends pauses, too.
    audio.addEventListener("pause", () => audio.srcObject?.active && this.#tell(true));
    audio.addEventListener("playing", () => this.#tell(false));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && audio.srcObject && audio.paused) this.resume();
    });
  }

  /** `stream` is a MediaStream, or null for silence. */
  play(stream) {
    this.#audio.srcObject = stream;
    stream ? this.resume() : this.#tell(false);
  }

  /** From within a click this works even where the browser had said no. */
  async resume() {
    try {
      await this.#audio.play();
      this.#tell(false);
    } catch (error) {
      // Any other error is that of a stream which was replaced meanwhile.
      if (error.name === "NotAllowedError") this.#tell(true);
    }
  }

  set volume(value) {
    this.#audio.volume = value;
  }

  /** iPhones leave the volume to their buttons. */
  get hasVolume() {
    const before = this.#audio.volume;
    this.#audio.volume = before > 0.5 ? 0.25 : 0.75;
    const isObeyed = this.#audio.volume !== before;
    this.#audio.volume = before;
    return isObeyed;
  }

  #tell(isBlocked) {
    if (isBlocked === this.isBlocked) return;
    this.isBlocked = isBlocked;
    this.emit("blocked", isBlocked);
  }
}
