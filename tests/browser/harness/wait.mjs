// SPDX-License-Identifier: MIT

// Watchdogs. Tests wait for something to happen, and say what it was if it never does.

/** Sanitizers and slow machines make everything slower; whoever starts the tests knows. */
const slowness = Number(process.env.VOICECAST_TEST_SLOWNESS ?? 1);

export const patience = 20_000 * slowness;

/** The promise's value, or an error that names what did not come. */
export async function within(promise, what, milliseconds = patience) {
  let alarm;
  const late = new Promise((_, reject) => {
    alarm = setTimeout(() => reject(new Error(`waited ${milliseconds} ms for ${what}`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(alarm);
  }
}
