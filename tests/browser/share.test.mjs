// SPDX-License-Identifier: MIT

// The sheet "On other devices": an address that leads to this page from elsewhere, or words; the certificate where it helps.

import assert from "node:assert/strict";

import { openBrowser } from "./harness/browser.mjs";
import { proxyBelow } from "./harness/proxy.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";

/** The sheet of the page at `url`, opened, when the server has told the page what it is. */
async function openSheet(scene, url, hosts = []) {
  const { page } = scene.add(await openBrowser({ pitch: null, hosts }));
  await Promise.all([page.waitForResponse((answer) => answer.url().endsWith("/info")), page.goto(url)]);
  await page.click("#share-open");
  await page.locator("#share[open]").waitFor();
  return page;
}

async function assertUnknown(page) {
  await page.locator("#share-unknown").waitFor();
  assert.equal(await page.isVisible("#share-known"), false);
}

test("a server that listens on this machine alone names no address for others", async (scene) => {
  const server = scene.add(await Server.start({ tls: "auto" }));
  const page = await openSheet(scene, server.url);
  await assertUnknown(page);
  await page.locator("#certificate").waitFor();
});

test("behind a proxy the address is the page's own, and no certificate is offered", async (scene) => {
  const server = scene.add(await Server.start({ tls: "auto" }));
  const proxy = scene.add(await proxyBelow("/voice/", server));
  const url = proxy.url.replace("localhost", "studio.lan");
  const certificates = [];
  const page = await openSheet(scene, url, ["studio.lan"]);
  page.on("request", (request) => request.url().endsWith("ca.crt") && certificates.push(request.url()));
  assert.equal(await page.textContent("#share-address"), url);
  assert.equal(await page.isVisible("#share-unknown"), false);
  assert.equal(await page.isVisible("#certificate"), false);
  await page.waitForFunction(() => document.querySelector("#qr").naturalWidth > 0);
  assert.deepEqual(certificates, []);
});

test("a page of this machine's own address behind a proxy names none", async (scene) => {
  const server = scene.add(await Server.start());
  const proxy = scene.add(await proxyBelow("/voice/", server));
  await assertUnknown(await openSheet(scene, proxy.url));
});
