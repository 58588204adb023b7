// SPDX-License-Identifier: MIT

// A small web server for pages that do not come from voicecast: the reference's examples, and those of WHIP and WHEP.

import { createServer } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

const types = { html: "text/html", js: "text/javascript" };

/** Serves a folder on a free loopback port, with `by` in place of `address` in its files. */
async function serve(folder, address, by) {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1);
    const [, ending] = name.match(/^[a-z]+\.(html|js)$/) ?? [];
    if (!ending) return response.writeHead(404).end();
    const text = await readFile(new URL(name, folder), "utf8");
    response.writeHead(200, { "Content-Type": `${types[ending]}; charset=utf-8` });
    response.end(text.replace(address, by));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}

/** reference/*.html, with the server's own address in place of the example's. */
export const serveReference = (websocketUrl) =>
  serve(new URL("../reference/", import.meta.url), "ws://192.168.1.100:8080/ws", websocketUrl);

/** fetch/*, likewise. */
export const serveFetchPages = (url) => serve(new URL("../fetch/", import.meta.url), "http://192.168.1.100:8080/", url);
