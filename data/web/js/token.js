// SPDX-License-Identifier: MIT

/** Where the server wants tokens, the page was opened with ?token=…, and hands it on with all that it asks. */
const token = new URLSearchParams(location.search).get("token");

/** An address relative to the page, so that it works below any path a proxy puts before it. */
export function address(path) {
  const url = new URL(path, document.baseURI);
  if (token) url.searchParams.set("token", token);
  return url;
}

/**
 * Why the server does not let this page in: its `words`, or "" where it does or cannot be asked (a WebSocket does not tell),
 * and whether the refusal is `lasting`: a token that is not valid yet may be so later.
 */
export async function refusal() {
  const response = await fetch(address("stream/status")).catch(() => null);
  if (response?.status !== 401) return { words: "", lasting: false };
  const words = (await response.text()).replace(/^Unauthorized: /, "").trim();
  return { words, lasting: words !== "the token is not valid yet" };
}
