/** Where the server wants tokens, the page was opened with ?token=…, and hands it on with all that it asks. */
const token = new URLSearchParams(location.search).get("token");

/** An address relative to the page, so that it works below any path a proxy puts before it. */
export function address(path) {
  const url = new URL(path, document.baseURI);
  if (token) url.searchParams.set("token", token);
  return url;
}
