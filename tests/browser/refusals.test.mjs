// SPDX-License-Identifier: MIT

// What the browser does not allow, the page says in plain words.

import assert from "node:assert/strict";

import { openBrowser } from "./harness/browser.mjs";
import { hear } from "./harness/hearing.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { isTalking, listen, talk, tap, visit } from "./harness/voicecast.mjs";

const notice = (page) => page.locator("#talk-notice");

test("refused microphone is explained", async (scene) => {
  const server = scene.add(await Server.start());
  const { page } = scene.add(await visit(server, { mayRecord: false }));
  await tap(page, "#talk");
  await notice(page).waitFor();
  assert.match(await notice(page).innerText(), /may not use the microphone\. Allow it/);
  assert.equal(await notice(page).getAttribute("role"), "alert");
  await isTalking(page, "off");
  assert.equal(await page.isEnabled("#talk"), true);

  await page.context().grantPermissions(["microphone"]);
  await tap(page, "#talk");
  await isTalking(page, "live");
  assert.equal(await notice(page).isVisible(), false);
});

test("missing microphone is reported", async (scene) => {
  const server = scene.add(await Server.start());
  const { page } = scene.add(await visit(server, { pitch: null }));
  await page.context().grantPermissions(["microphone"]);
  await tap(page, "#talk");
  await notice(page).waitFor();
  assert.match(await notice(page).innerText(), /No microphone was found/);
  await isTalking(page, "off");
});

test("plain HTTP page links to HTTPS, and listens", async (scene) => {
  const server = scene.add(await Server.start({ tls: "auto" }));
  const talker = scene.add(await visit(server));
  const url = `http://studio.lan:${server.port}/`;
  const listener = scene.add(await visit(server, { url, pitch: null, hosts: ["studio.lan"] }));
  await notice(listener.page).waitFor();
  assert.match(await notice(listener.page).innerText(), /only to pages that came over HTTPS/);
  assert.equal(await listener.page.isVisible("#talk"), false);
  await listener.page.locator("#secure-link").waitFor();
  const { port } = new URL(server.secureUrl);
  assert.equal(await listener.page.getAttribute("#secure-link", "href"), `https://studio.lan:${port}/`);

  // The warning of the browser is announced, and the sheet that helps against it opens on this device's words.
  await listener.page.click("#secure-help");
  await listener.page.locator("#certificate").waitFor();
  assert.equal(await listener.page.locator("#certificate details[open]").getAttribute("data-platform"), "linux");
  assert.equal(await listener.page.textContent("#share-address"), `https://studio.lan:${port}/`);
  await listener.page.waitForFunction(() => document.querySelector("#qr").naturalWidth > 0);
  await listener.page.keyboard.press("Escape");

  await talk(talker.page);
  await listen(listener.page);
  await hear(listener.page, 440);
});

test("blocked sound plays after a tap", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  await talk(talker.page);
  const { page } = scene.add(await openBrowser({ pitch: null, mayAutoplay: false }));
  // It plays because it did so on the last visit; nobody has touched it yet. Whatever Playwright evaluates in a page counts
  // as a touch, so the page tells by itself what it shows.
  await page.addInitScript(() => {
    localStorage.setItem("voicecast.follow", "true");
    new MutationObserver(() => {
      if (!document.querySelector("#prompt")?.checkVisibility()) return;
      console.log(`prompted, paused: ${document.querySelector("#audio").paused}`);
    }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  const prompted = page.waitForEvent("console", (message) => message.text().startsWith("prompted"));
  await page.goto(server.url);
  assert.equal((await prompted).text(), "prompted, paused: true");
  await page.click("#prompt");
  await page.locator("#prompt").waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => document.querySelector("#audio").paused), false);
  await hear(page, 440);
});
