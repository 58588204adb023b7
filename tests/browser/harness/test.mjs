// SPDX-License-Identifier: MIT

// A test owns what it opens: whatever comes of it, the last opened is closed first.

import nodeTest from "node:test";

import { patience, within } from "./wait.mjs";

class Scene {
  #things = [];

  constructor(note) {
    this.note = note;
  }

  /** Keeps something with a stop() or close() until the test ends. */
  add(thing) {
    this.#things.push(thing);
    return thing;
  }

  async clear() {
    const failures = [];
    for (const thing of this.#things.reverse()) {
      const end = async () => (thing.stop ? thing.stop() : thing.close());
      await within(end(), "a test's things to close").catch((error) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** `skip`: why the test cannot run here, or false. */
export function test(name, body, { skip = false } = {}) {
  nodeTest(name, { skip }, async (context) => {
    const scene = new Scene((text) => context.diagnostic(text));
    let failure;
    try {
      await within(body(scene), "the test to end", 5 * patience);
    } catch (error) {
      failure = error;
    }
    // What failed first is the news; what fails while clearing up after it is a consequence.
    await scene.clear().catch((error) => (failure ??= error));
    if (failure) throw failure;
  });
}
