// SPDX-License-Identifier: MIT

/** The codes of the server's errors (docs/api.md) that a retry changes nothing about. A server without codes: none. */

const lasting = new Set(["forbidden", "unsupported"]);
const missing = new Set(["no_stream", "stream_ended"]);

/** The server will never do it for this page. */
export const isLasting = ({ code }) => lasting.has(code);

/** The stream is not there; another one may come. */
export const isMissing = ({ code }) => missing.has(code);
