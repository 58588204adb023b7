// SPDX-License-Identifier: MIT

/** What this browser remembers between visits. Private windows may refuse: then it lasts as long as the page. */

const prefix = "voicecast.";
const inMemory = new Map();

export function remember(key, value) {
  inMemory.set(key, value);
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // in memory it is
  }
}

export function recall(key, otherwise) {
  if (inMemory.has(key)) return inMemory.get(key);
  try {
    return JSON.parse(localStorage.getItem(prefix + key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
