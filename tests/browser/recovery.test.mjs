// SPDX-License-Identifier: MIT

// What goes wrong comes right by itself.

import assert from "node:assert/strict";

import { hear } from "./harness/hearing.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { conversation, isPlaying, isTalking, talk, tap } from "./harness/voicecast.mjs";

test("both pages reconnect after a crash of the server", async (scene) => {
  const { server, talker, listener } = await conversation(scene);

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

test("failed connection with open WebSocket is replaced", async (scene) => {
  const { talker, listener } = await conversation(scene);
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

test("stream that is gone is not asked for again", async (scene) => {
  const { talker, listener } = await conversation(scene);
  const { page } = listener;
  const id = await page.evaluate(() => seen.sent.find(({ type }) => type === "start_receiving").stream_id);
  const asked = () => page.evaluate(() => seen.sent.filter(({ type }) => type === "start_receiving").length);
  const state = () => page.getAttribute("#player", "data-state");
  // What the server says of a stream that ended while it was asked for.
  const fail = (code, stream) =>
    page.evaluate(
      (data) => seen.sockets[0].dispatchEvent(new MessageEvent("message", { data })),
      JSON.stringify({ type: "error", message: "Stream ended", code, stream_id: stream }),
    );
  for (const code of ["stream_ended", "forbidden", "failed"]) await fail(code, "stream_before");
  assert.equal(await state(), "playing", "an error of an earlier stream");
  await fail("stream_ended", id);
  assert.equal(await state(), "waiting");
  await page.evaluate(() => seen.sockets[0].send(JSON.stringify({ type: "get_available_streams" })));
  await page.waitForFunction((before) => seen.messages.at(-1).at > before, await page.evaluate(() => performance.now()));
  assert.equal(await asked(), 1);

  // The voice comes back under another id.
  await tap(talker.page, "#talk");
  await isTalking(talker.page, "off");
  await talk(talker.page);
  await isPlaying(page);
  assert.equal(await asked(), 2);
});

/** What the page said of its ICE sessions, and how often the server answered. */
const restarts = (page) =>
  page.evaluate(() => ({
    ufrags: seen.sent.filter(({ type }) => type === "webrtc_offer").map(({ offer }) => offer.sdp.match(/a=ice-ufrag:(\S+)/)[1]),
    answers: seen.messages.filter(({ type }) => type === "webrtc_answer").length,
  }));

/** The page shall look for a new way because of what happens in it, on the connection that it has. */
async function lookForANewWay(page, event) {
  const before = await restarts(page);
  await page.evaluate(event);
  await page.waitForFunction(
    (count) => seen.messages.filter(({ type }) => type === "webrtc_answer").length > count,
    before.answers,
  );
  const after = await restarts(page);
  assert.equal(after.ufrags.length, before.ufrags.length + 1);
  assert.ok(!before.ufrags.includes(after.ufrags.at(-1)));
  await page.waitForFunction(() => seen.peers[0].connectionState === "connected" && seen.peers[0].signalingState === "stable");
  assert.equal(await page.evaluate(() => seen.peers.length), 1);
}

test("both pages restart ICE on another network", async (scene) => {
  const { talker, listener } = await conversation(scene);

  for (const { page } of [talker, listener]) {
    await lookForANewWay(page, () => dispatchEvent(new Event("online")));
    // What a browser reports some seconds after its packets go nowhere; and that it has found a way.
    await lookForANewWay(page, () => {
      const peer = seen.peers[0];
      Object.defineProperty(peer, "connectionState", { value: "disconnected", configurable: true });
      peer.dispatchEvent(new Event("connectionstatechange"));
      delete peer.connectionState;
    });
    await page.evaluate(() => seen.peers[0].dispatchEvent(new Event("connectionstatechange")));
  }
  await hear(listener.page, 440);
  assert.ok(!(await listener.page.evaluate(() => seen.messages.some(({ type }) => type === "stream_ended" || type === "error"))));
  assert.equal(await listener.page.evaluate(() => seen.peers.length), 1);
});
