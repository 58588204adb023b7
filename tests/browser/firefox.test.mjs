// SPDX-License-Identifier: MIT

// Firefox beside Chromium, in both directions.

import assert from "node:assert/strict";

import { firefoxExecutable, isInstalled, openFirefox } from "./harness/browser.mjs";
import { hear, hearByRecording } from "./harness/hearing.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { listen, talk, visit } from "./harness/voicecast.mjs";

const skip = !(await isInstalled(firefoxExecutable)) && `${firefoxExecutable} is missing: apt-get install firefox-esr`;

// Firefox leaves loopback out where there is another interface, so here the server has to come to it.
const fullIce = ["--ice", "full"];

const offeredOpus = (page) =>
  page.evaluate(() => seen.messages.find(({ type }) => type === "webrtc_offer").offer.sdp.match(/^a=rtpmap:(\d+) opus/im)[1]);

test("Firefox sends and Chromium hears it", async (scene) => {
  const server = scene.add(await Server.start({ args: fullIce }));
  const talker = scene.add(await visit(server, { open: openFirefox, pitch: 440 }));
  const listener = scene.add(await visit(server, { pitch: null }));
  await talker.page.click("summary:has-text('Microphone')");
  await talker.page.uncheck("#noiseSuppression");
  await talk(talker.page);
  await listen(listener.page);
  await hear(listener.page, 440, { level: 0.02 });
  assert.equal(await offeredOpus(listener.page), "109");  // Firefox's own payload type
}, { skip });

test("Chromium sends and Firefox hears it", async (scene) => {
  const server = scene.add(await Server.start({ args: fullIce }));
  const talker = scene.add(await visit(server, { pitch: 660 }));
  const listener = scene.add(await visit(server, { open: openFirefox }));
  await talk(talker.page);
  await listen(listener.page);
  await hearByRecording(listener.page, 660);
  assert.equal(await offeredOpus(listener.page), "111");
  await listener.page.waitForFunction(() => /\d ms/.test(document.querySelector("#jitter").textContent));
}, { skip });
