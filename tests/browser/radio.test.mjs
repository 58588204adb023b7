// SPDX-License-Identifier: MIT

// The MP3 address in a browser's own player.

import assert from "node:assert/strict";

import { hear } from "./harness/hearing.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { talk, visit } from "./harness/voicecast.mjs";

/** Runs in the player's page: the milliseconds until it plays, from when its request began. */
const untilPlaying = () =>
  new Promise((done) => {
    const player = document.querySelector("video, audio");
    const look = () => (player.currentTime > 0 ? done(performance.now()) : requestAnimationFrame(look));
    player.muted = false;
    player.play().then(look);
  });

for (const format of ["mp3", "opus"]) {
  test(`Chromium's player plays the ${format}`, async (scene) => {
    const server = scene.add(await Server.start());
    const talker = scene.add(await visit(server, { pitch: 440 }));
    const radio = scene.add(await visit(server, { pitch: null }));
    await talk(talker.page);
    await radio.page.goto(`${server.url}stream/latest.${format}`);
    await radio.page.waitForSelector("video, audio", { state: "attached" });
    scene.note(`the first sound after ${Math.round(await radio.page.evaluate(untilPlaying))} ms`);
    await radio.page.evaluate(() => {
      globalThis.seen.heard.push(document.querySelector("video, audio").captureStream());
    });
    const { pitch } = await hear(radio.page, 440);
    const before = await radio.page.evaluate(() => document.querySelector("video, audio").currentTime);
    await radio.page.waitForFunction((from) => document.querySelector("video, audio").currentTime > from + 10, before);
    await hear(radio.page, 440);
    assert.ok(Math.abs(pitch - 440) < 5);
  });
}
