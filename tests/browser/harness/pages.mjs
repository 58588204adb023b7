// A small web server for pages that do not come from voicecast: the reference's examples.

import { createServer } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

const folder = new URL("../reference/", import.meta.url);

/** Serves reference/*.html on a free loopback port, with the server's own address in place of the example's. */
export async function serveReference(websocketUrl) {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, "http://localhost").pathname.slice(1);
    if (!/^[a-z]+\.html$/.test(name)) return response.writeHead(404).end();
    const text = await readFile(new URL(name, folder), "utf8");
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end(text.replace("ws://192.168.1.100:8080/ws", websocketUrl));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://localhost:${server.address().port}/`, close: () => server.close() };
}
