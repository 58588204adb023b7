// SPDX-License-Identifier: MIT

/** An EventTarget whose events carry one value. */
export class Emitter extends EventTarget {
  emit(name, value) {
    this.dispatchEvent(new CustomEvent(name, { detail: value }));
  }

  /** Calls back until the returned function is called. */
  on(name, callback) {
    const listener = (event) => callback(event.detail);
    this.addEventListener(name, listener);
    return () => this.removeEventListener(name, listener);
  }
}
