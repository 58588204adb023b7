// SPDX-License-Identifier: MIT

// Where the server wants tokens, the page comes in by its own address.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openBrowser } from "./harness/browser.mjs";
import { hear } from "./harness/hearing.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { isPlaying, isTalking, listen, talk, tap, visit } from "./harness/voicecast.mjs";

/** A server that wants tokens, and the command that makes them. */
async function startStrictServer(scene) {
  const folder = await mkdtemp(join(tmpdir(), "voicecast-token-"));
  scene.add({ close: () => rm(folder, { recursive: true }) });
  const secret = join(folder, "secret"), config = join(folder, "voicecast.conf");
  await writeFile(secret, "0123456789abcdef0123456789abcdef\n");
  await writeFile(config, `[auth]\nmode=token\nsecret-file=${secret}\n`);
  const server = scene.add(await Server.start({ args: ["--config", config] }));
  const pass = (...rights) =>
    execFileSync(process.env.VOICECAST_BINARY, ["token", ...rights, "--for", "1h", "--key", secret], { encoding: "utf8" }).trim();
  return { server, pageFor: (...rights) => `${server.url}?token=${pass(...rights)}` };
}

test("token in the page's address permits sending and listening", async (scene) => {
  const { server, pageFor } = await startStrictServer(scene);
  const talker = scene.add(await visit(server, { url: pageFor("--publish", "--listen", "*"), pitch: 440 }));
  const listener = scene.add(await visit(server, { url: pageFor("--listen", "*"), pitch: null }));
  await talk(talker.page);
  await listen(listener.page);
  await isPlaying(listener.page);
  await hear(listener.page, 440);
});

const count = (page, wanted) => page.evaluate((type) => seen.sent.filter((message) => message.type === type).length, wanted);

test("forbidden sender is told once, and does not try again", async (scene) => {
  const { pageFor, server } = await startStrictServer(scene);
  const { page } = scene.add(await visit(server, { url: pageFor("--listen", "*"), pitch: 440 }));
  await tap(page, "#talk");
  await page.locator("#talk-notice").waitFor();
  assert.equal(await page.textContent("#talk-notice-text"), "Server error: the token does not allow publishing");
  await isTalking(page, "off");
  assert.equal(await count(page, "start_sending"), 1);
});

test("forbidden stream is asked for once, until the person asks again", async (scene) => {
  const { server, pageFor } = await startStrictServer(scene);
  const talker = scene.add(await visit(server, { url: pageFor("--publish", "--listen", "*") }));
  await talk(talker.page);
  const { page } = scene.add(await visit(server, { url: pageFor("--listen", "stream_other"), pitch: null }));
  for (const times of [1, 2]) {
    await page.locator(".stream-main").first().click();
    await page.waitForFunction((n) => seen.messages.filter(({ code }) => code === "forbidden").length === n, times);
    await page.waitForSelector('#player[data-state="off"]', { state: "attached" });
    assert.match(await page.textContent("#toast"), /the token does not allow listening to this stream/);
    assert.equal(await count(page, "start_receiving"), times);
  }
});

test("refused page waits for the person", async (scene) => {
  const { server } = await startStrictServer(scene);
  const { page } = scene.add(await openBrowser({ pitch: null }));
  await page.clock.install();
  await page.goto(server.url);
  const isRefused = () =>
    page.waitForFunction(
      () => seen.sockets.at(-1)?.readyState === WebSocket.CLOSED && document.querySelector("#link-text").textContent.startsWith("Not let in: "),
    );
  const sockets = () => page.evaluate(() => seen.sockets.length);
  await isRefused();
  const before = await sockets();
  await page.clock.fastForward("01:00:00");  // all that was put off is due
  assert.equal(await sockets(), before);
  await page.evaluate(() => dispatchEvent(new Event("online")));
  assert.equal(await sockets(), before + 1);
  await isRefused();
});

test("page without token shows the reason", async (scene) => {
  const { server } = await startStrictServer(scene);
  const { page } = scene.add(await openBrowser({ pitch: null }));
  await page.goto(server.url);
  await page.waitForFunction(() => document.querySelector("#link-text").textContent === "Not let in: a token is needed");
  assert.equal(await page.getAttribute("#link", "data-state"), "down");
  await page.setViewportSize({ width: 390, height: 844 });
  const lines = await page.evaluate(() => {
    const words = document.querySelector("#link-text");
    return Math.round(words.offsetHeight / parseFloat(getComputedStyle(words).lineHeight));
  });
  assert.equal(lines, 1);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});
