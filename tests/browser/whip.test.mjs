// SPDX-License-Identifier: MIT

// Pages of another origin that talk by WHIP and listen by WHEP, with nothing but fetch().

import assert from "node:assert/strict";

import { openBrowser } from "./harness/browser.mjs";
import { hear } from "./harness/hearing.mjs";
import { serveFetchPages } from "./harness/pages.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";

const isOpen = (page) => page.waitForFunction(() => globalThis.session?.peer.connectionState === "connected");

/** The page's end of the pair of addresses that the media takes, as text; waits until it is another than `old`. */
const pathOtherThan = async (page, old) => {
  const path = await page.waitForFunction(async (old) => {
    const stats = [...(await session.peer.getStats()).values()];
    const { selectedCandidatePairId } = stats.find(({ type }) => type === "transport");
    const { localCandidateId } = stats.find(({ id }) => id === selectedCandidatePairId);
    const { usernameFragment, address, port } = stats.find(({ id }) => id === localCandidateId);
    const path = `${usernameFragment} ${address} ${port}`;
    return path !== old && path;
  }, old);
  return path.jsonValue();
};

test("Chromium sends by WHIP and listens by WHEP, with ICE restarts", async (scene) => {
  const server = scene.add(await Server.start());
  const pages = scene.add(await serveFetchPages(server.url));
  const talker = scene.add(await openBrowser({ pitch: 440 }));
  const listener = scene.add(await openBrowser({ pitch: null }));
  const status = async () => (await (await fetch(server.url + "stream/status")).json()).details;

  await talker.page.goto(pages.url + "whip.html");
  await isOpen(talker.page);
  await talker.page.waitForFunction(async (url) => (await (await fetch(url)).json()).active_streams.length === 1, server.url + "stream/status");
  await listener.page.goto(pages.url + "whep.html");
  await isOpen(listener.page);
  const { pitch, level } = await hear(listener.page, 440);
  scene.note(`heard ${pitch.toFixed(1)} Hz at a level of ${level.toFixed(3)}`);
  const [stream] = await status();
  assert.deepEqual([stream.name, stream.webrtc_listeners], ["browser", 1]);
  assert.equal(await listener.page.evaluate(() => seen.heard[0].id), stream.id);

  for (const { page } of [talker, listener]) {
    const before = { path: await pathOtherThan(page, null), etag: await page.evaluate(() => session.etag) };
    await page.evaluate(() => session.restartIce());
    await page.waitForFunction((old) => session.etag !== old, before.etag);
    await pathOtherThan(page, before.path);
    await hear(listener.page, 440);
  }
  assert.deepEqual((await status()).map(({ id }) => id), [stream.id]);
  for (const code of await talker.page.evaluate(() => globalThis.trickled ?? [])) assert.equal(code, 204);

  const left = await listener.page.evaluate(async () => (await session.close()).status);
  assert.equal(left, 200);
  assert.equal((await status())[0].webrtc_listeners, 0);
  assert.equal(await talker.page.evaluate(async () => (await session.close()).status), 200);
  assert.deepEqual(await status(), []);
  assert.deepEqual([...talker.page.pageErrors, ...listener.page.pageErrors], []);
});

test("Chromium with max-bundle and video first sends by WHIP and listens by WHEP", async (scene) => {
  const server = scene.add(await Server.start());
  const pages = scene.add(await serveFetchPages(server.url));
  const talker = scene.add(await openBrowser({ pitch: 440 }));
  const listener = scene.add(await openBrowser({ pitch: null }));

  await talker.page.goto(pages.url + "whip.html?picture-first");
  await isOpen(talker.page);
  await talker.page.waitForFunction(async (url) => (await (await fetch(url)).json()).active_streams.length === 1, server.url + "stream/status");
  await listener.page.goto(pages.url + "whep.html?picture-first");
  await isOpen(listener.page);
  const { pitch, level } = await hear(listener.page, 440);
  scene.note(`heard ${pitch.toFixed(1)} Hz at a level of ${level.toFixed(3)}`);

  for (const { page } of [talker, listener]) {
    const path = await pathOtherThan(page, null);
    await page.evaluate(() => session.restartIce());
    await pathOtherThan(page, path);
    await hear(listener.page, 440);
  }
  assert.deepEqual([...talker.page.pageErrors, ...listener.page.pageErrors], []);
});
