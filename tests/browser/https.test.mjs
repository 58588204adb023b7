// SPDX-License-Identifier: MIT

// The same over HTTPS, with the certificate that the server made for itself.

import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:https";

import { hear } from "./harness/hearing.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { listen, talk, visit } from "./harness/voicecast.mjs";

async function readAuthority(server) {
  const answer = await fetch(server.url + "ca.crt");
  assert.equal(answer.status, 200);
  return answer.text();
}

test("one page sends and another hears it over HTTPS", async (scene) => {
  const server = scene.add(await Server.start({ tls: "auto" }));
  const authority = await readAuthority(server);
  const talker = scene.add(await visit(server, { url: server.secureUrl, authority }));
  const listener = scene.add(await visit(server, { url: server.secureUrl, authority, pitch: null }));
  assert.equal(await talker.page.evaluate(() => isSecureContext), true);
  for (const { page } of [talker, listener]) {
    assert.equal(new URL(await page.evaluate(() => seen.sockets[0].url)).protocol, "wss:");
  }
  await talk(talker.page);
  await listen(listener.page);
  await hear(listener.page, 440);
  assert.deepEqual(await listener.page.evaluate(() => seen.violations), []);
});

test("the authority makes the server trusted, by name and by address", async (scene) => {
  const server = scene.add(await Server.start({ tls: "auto" }));
  const ca = await readAuthority(server);
  const { port } = new URL(server.secureUrl);
  for (const servername of ["localhost", "127.0.0.1"]) {
    const agent = false;
    const request = get({ host: servername, family: 4, port, path: "/health", ca, agent });
    const [answer] = await once(request, "response");
    assert.equal(answer.statusCode, 200);
    answer.resume();
  }
  const [error] = await once(get({ host: "localhost", family: 4, port, agent: false }), "error");
  assert.match(error.code, /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/);
});
