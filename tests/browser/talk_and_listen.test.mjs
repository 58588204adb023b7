// SPDX-License-Identifier: MIT

// The page's main job: one talks, others hear it.

import assert from "node:assert/strict";

import { hear } from "./harness/hearing.mjs";
import { proxyBelow } from "./harness/proxy.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { conversation, isPlaying, isTalking, listen, talk, tap, tapKey, visit } from "./harness/voicecast.mjs";

const sentTypes = (page) => page.evaluate(() => seen.sent.map(({ type }) => type));

/** The figures of the connection come after a second: by then a press is no tap. */
const isHeldLong = (page) => page.waitForFunction(() => / ms/.test(document.querySelector("#talk-figures").textContent));

test("one page sends, another hears it", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server, { pitch: 440 }));
  const listener = scene.add(await visit(server, { pitch: null }));
  await talk(talker.page);
  await listen(listener.page);
  const { pitch, level } = await hear(listener.page, 440);
  scene.note(`heard ${pitch.toFixed(1)} Hz at a level of ${level.toFixed(3)}`);
  assert.equal(await listener.page.evaluate(() => document.querySelector("#audio").paused), false);

  // The meters move with the voice, and the figures of the connection are there.
  for (const [page, meter] of [[talker.page, "#talk-meter"], [listener.page, "#player-meter"]]) {
    await page.waitForFunction((id) => Number(document.querySelector(id).style.getPropertyValue("--level")) > 0.4, meter);
  }
  await listener.page.waitForFunction(() => /\d ms/.test(document.querySelector("#round-trip").textContent));
  await listener.page.waitForFunction(() => /\d %/.test(document.querySelector("#loss").textContent));

  await tap(talker.page, "#talk");
  await isTalking(talker.page, "off");
  await listener.page.waitForSelector(".stream", { state: "detached" });
  await listener.page.waitForSelector('#player[data-state="waiting"]');
  assert.deepEqual([...talker.page.pageErrors, ...listener.page.pageErrors], []);
});

test("switches change the microphone's constraints", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  const listener = scene.add(await visit(server, { pitch: null }));
  await talker.page.click("summary:has-text('Microphone')");
  for (const id of ["echoCancellation", "noiseSuppression", "autoGainControl"]) await talker.page.uncheck(`#${id}`);
  await talk(talker.page);
  const settings = () =>
    talker.page.evaluate(() => {
      const { echoCancellation, noiseSuppression, autoGainControl } = seen.peers.at(-1).getSenders()[0].track.getSettings();
      return [echoCancellation, noiseSuppression, autoGainControl];
    });
  assert.deepEqual(await settings(), [false, false, false]);
  await listen(listener.page);
  await hear(listener.page, 440);

  // While talking, and without a new stream.
  await talker.page.check("#noiseSuppression");
  await talker.page.waitForFunction(() => seen.peers.at(-1).getSenders()[0].track?.getSettings().noiseSuppression);
  await hear(listener.page, 440);
  assert.equal((await sentTypes(talker.page)).filter((type) => type === "start_sending").length, 1);
});

test("held button sends until released, and again when held again", async (scene) => {
  const server = scene.add(await Server.start());
  const { page } = scene.add(await visit(server));
  await page.hover("#talk");
  await page.mouse.down();
  await isTalking(page, "live");
  await isHeldLong(page);
  await page.mouse.up();
  await isTalking(page, "muted");
  const isSending = () => page.evaluate(() => seen.peers.at(-1).getSenders()[0].track.enabled);
  assert.equal(await isSending(), false);
  await page.mouse.down();
  await isTalking(page, "live");
  assert.equal(await isSending(), true);
  await isHeldLong(page);
  await page.mouse.up();
  assert.equal((await sentTypes(page)).filter((type) => type === "start_sending").length, 1);
  await isTalking(page, "off");  // nobody came back to the button
});

test("tap works on a busy page", async (scene) => {
  const server = scene.add(await Server.start());
  const { page } = scene.add(await visit(server));
  await page.evaluate(() => {
    const button = document.querySelector("#talk");
    const workFor = (milliseconds) => {
      for (const start = performance.now(); performance.now() - start < milliseconds; );
    };
    button.addEventListener("pointerdown", () => workFor(1000), { once: true });
  });
  await talk(page);
  assert.equal(await page.textContent("#talk-hint"), "You are on the air. Tap to stop");
});

test("keyboard operates everything", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  const listener = scene.add(await visit(server, { pitch: null }));
  await talker.page.focus("#talk");
  await tapKey(talker.page, "Space");
  await isTalking(talker.page);
  assert.equal(await talker.page.getAttribute("#talk", "aria-pressed"), "true");
  await listener.page.focus(".stream-main");
  await listener.page.keyboard.press("Enter");
  await isPlaying(listener.page);
  await hear(listener.page, 440);
  await tapKey(talker.page, "Enter");
  await isTalking(talker.page, "off");

  await talker.page.keyboard.down("Space");
  await isTalking(talker.page, "live");
  await isHeldLong(talker.page);
  await talker.page.keyboard.up("Space");
  await isTalking(talker.page, "muted");
});

test("two pages send to each other, each direction on its own WebSocket", async (scene) => {
  const server = scene.add(await Server.start());
  const first = scene.add(await visit(server, { pitch: 440 }));
  const second = scene.add(await visit(server, { pitch: 660 }));
  // Always the newest voice, but never one's own.
  for (const { page } of [first, second]) await page.check("#follow");
  await talk(first.page);
  await talk(second.page);
  await hear(first.page, 660);
  await hear(second.page, 440);
  assert.equal((await sentTypes(second.page)).filter((type) => type === "start_receiving").length, 1);
  for (const { page } of [first, second]) {
    assert.equal(await page.evaluate(() => seen.sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length), 2);
  }
});

test("\"always the newest\" follows new streams and returns", async (scene) => {
  const server = scene.add(await Server.start());
  const first = scene.add(await visit(server, { pitch: 440 }));
  const second = scene.add(await visit(server, { pitch: 660 }));
  const listener = scene.add(await visit(server, { pitch: null }));
  await listener.page.check("#follow");
  await talk(first.page);
  await hear(listener.page, 440);
  await talk(second.page);
  await hear(listener.page, 660);
  await tap(second.page, "#talk");
  await hear(listener.page, 440);
});

test("reloading the sending page ends its stream", async (scene) => {
  const { talker, listener } = await conversation(scene);
  const reloaded = Date.now();
  const isEnded = listener.page.waitForFunction(() => seen.messages.some(({ type }) => type === "stream_ended"));
  await Promise.all([isEnded.then(() => scene.note(`stream_ended after ${Date.now() - reloaded} ms`)), talker.page.reload()]);
  await listener.page.waitForSelector(".stream", { state: "detached" });
});

test("copied MP3 address plays", async (scene) => {
  const server = scene.add(await Server.start());
  const { browser, page } = scene.add(await visit(server));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write", "microphone"]);
  await talk(page);
  await page.click(".stream-copy");
  const address = (await page.locator("#toast.shown").textContent()).replace("Copied: ", "");
  assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/stream\/stream_[0-9a-f-]+\.mp3$/);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  const stop = new AbortController();
  const answer = await fetch(address, { signal: stop.signal });
  assert.equal(answer.headers.get("content-type"), "audio/mpeg");
  const { value } = await answer.body.getReader().read();
  assert.ok(value.length > 0);
  stop.abort();
  await browser.close();
});

test("name is shown as text", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  const listener = scene.add(await visit(server, { pitch: null }));
  const name = "<img src=x onerror=alert(1)><b>Kitchen</b> & co";
  await talk(talker.page, { name });
  const shown = listener.page.locator(".stream-name");
  await shown.filter({ hasText: "Kitchen" }).waitFor();
  assert.equal(await shown.textContent(), name);
  assert.equal(await shown.locator("*").count(), 0);
  await listen(listener.page, "Kitchen");
  assert.equal(await listener.page.textContent("#player-name"), name);
});

test("everything works below a proxy's path", async (scene) => {
  const server = scene.add(await Server.start());
  const proxy = scene.add(await proxyBelow("/api/ingress/abc/", server));
  const talker = scene.add(await visit(server, { url: proxy.url }));
  const listener = scene.add(await visit(server, { url: proxy.url, pitch: null }));
  const foreign = [];
  listener.page.on("request", (request) => request.url().startsWith(proxy.url) || foreign.push(request.url()));
  await listener.page.reload();
  await talk(talker.page);
  await listen(listener.page);
  await hear(listener.page, 440);
  assert.deepEqual(foreign, []);
  for (const { page } of [talker, listener]) assert.deepEqual(await page.evaluate(() => seen.violations), []);
});

test("waiting page plays the stream once it starts", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  const radio = scene.add(await visit(server, { pitch: null }));
  await radio.page.goto(server.url + "stream/latest.mp3");
  assert.equal(await radio.page.textContent("#headline"), "Waiting for a voice");
  await talk(talker.page);
  await radio.page.waitForSelector("video, audio");  // Chromium's own player
});
