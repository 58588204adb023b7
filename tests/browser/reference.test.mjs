// SPDX-License-Identifier: MIT

// The API reference's own sender and receiver, in two browsers.

import assert from "node:assert/strict";

import { openBrowser } from "./harness/browser.mjs";
import { hear } from "./harness/hearing.mjs";
import { serveReference } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";

test("the reference's receiver hears the reference's sender", async (scene) => {
  const server = scene.add(await Server.start());
  const pages = scene.add(await serveReference(server.websocketUrl));
  const sender = scene.add(await openBrowser({ pitch: 440 }));
  const receiver = scene.add(await openBrowser({ pitch: null }));

  await sender.page.goto(pages.url + "sender.html");
  await sender.page.waitForFunction(() => seen.messages.some((message) => message.type === "stream_available"));
  await receiver.page.goto(pages.url + "receiver.html");
  const { pitch, level } = await hear(receiver.page, 440);
  scene.note(`heard ${pitch.toFixed(1)} Hz at a level of ${level.toFixed(3)}`);

  const offer = await receiver.page.evaluate(() => seen.messages.find((message) => message.type === "webrtc_offer").offer);
  assert.equal(offer.type, "offer");
  assert.match(offer.sdp, /^a=rtpmap:111 opus\/48000\/2\r?$/im);  // Chromium's own payload type, passed through

  const { state, join } = await receiver.page.evaluate(() => ({
    state: seen.peers[0].connectionState,
    join: seen.voices[0].at - seen.sent.find((message) => message.type === "start_receiving").at,
  }));
  assert.equal(state, "connected");
  scene.note(`first packet ${Math.round(join)} ms after start_receiving`);
});
