// SPDX-License-Identifier: MIT

// A reverse proxy that shows the server below a path, as a Home Assistant ingress does.

import { once } from "node:events";
import { createServer, request as ask } from "node:http";
import { connect } from "node:net";

export async function proxyBelow(path, server) {
  const { hostname, port } = new URL(server.url);
  const inner = (url) => url.slice(path.length - 1);
  const proxy = createServer((incoming, outgoing) => {
    if (!incoming.url.startsWith(path)) return outgoing.writeHead(404).end();
    const { method, headers } = incoming;
    const question = ask({ hostname, port, method, headers, path: inner(incoming.url) }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    question.on("error", () => outgoing.destroy());
    incoming.pipe(question);
  });
  const sockets = new Set();
  proxy.on("upgrade", (incoming, client) => {
    if (!incoming.url.startsWith(path)) return client.destroy();
    const upstream = connect(port, hostname);
    const headers = [];
    for (let i = 0; i < incoming.rawHeaders.length; i += 2) headers.push(incoming.rawHeaders.slice(i, i + 2).join(": "));
    upstream.write(`GET ${inner(incoming.url)} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n`);
    upstream.pipe(client).pipe(upstream);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    url: `http://localhost:${proxy.address().port}${path}`,
    close() {
      proxy.close();
      proxy.closeAllConnections();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}
