// What goes wrong comes right by itself.

import { hear } from "./harness/hearing.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { listen, talk, visit } from "./harness/voicecast.mjs";

test("after a crash of the server both pages find back, and the voice is heard again", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  const listener = scene.add(await visit(server, { pitch: null }));
  await talk(talker.page);
  await listen(listener.page);
  await hear(listener.page, 440);

  await server.kill();
  for (const { page } of [talker, listener]) await page.waitForSelector('#link[data-state="down"]');
  await talker.page.waitForSelector('#talk-card[data-state="broken"]');
  await listener.page.waitForSelector('#player[data-state="waiting"]');

  const heardBefore = await listener.page.evaluate(() => seen.heard.length);
  scene.add(await Server.start({ port: server.port }));
  const restarted = Date.now();
  await listener.page.waitForFunction((count) => seen.heard.length > count, heardBefore);
  await hear(listener.page, 440);
  scene.note(`heard again ${Date.now() - restarted} ms after the restart`);
});

test("a connection that fails under a living WebSocket is made anew", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  const listener = scene.add(await visit(server, { pitch: null }));
  await talk(talker.page);
  await listen(listener.page);
  await hear(listener.page, 440);
  // The browser reports what it would after 30 s without a network.
  const fail = () => {
    const peer = seen.peers.at(-1);
    Object.defineProperty(peer, "connectionState", { value: "failed" });
    peer.dispatchEvent(new Event("connectionstatechange"));
  };
  for (const { page } of [listener, talker]) {
    const before = await page.evaluate(() => seen.peers.length);
    await page.evaluate(fail);
    await page.waitForFunction((count) => seen.peers.length > count, before);
    await hear(listener.page, 440);
  }
});
