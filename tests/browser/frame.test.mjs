// SPDX-License-Identifier: MIT

// Who may show the page in a frame.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";

import { openBrowser } from "./harness/browser.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";

/** A page of another server with a frame; `url` gives what is in it. */
async function serveFrame(url) {
  const server = createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end(`<!doctype html><link rel="icon" href="data:,"><iframe src="${url()}"></iframe>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port: server.address().port, close };
}

test("local pages may embed the page, foreign pages may not", async (scene) => {
  const server = scene.add(await Server.start());
  const outer = scene.add(await serveFrame(() => server.url));
  const { page } = scene.add(await openBrowser({ pitch: null, hosts: ["evil.example", "dashboard.local"] }));
  for (const host of ["127.0.0.1", "localhost", "dashboard.local"]) {
    await page.goto(`http://${host}:${outer.port}/`);
    await page.frameLocator("iframe").locator('#link[data-state="up"]').waitFor();
  }
  const refusal = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await page.goto(`http://evil.example:${outer.port}/`);
  await refusal;
  assert.equal(await page.frameLocator("iframe").locator("#link").count(), 0);
});

test("listed pages may embed it, from their port only", async (scene) => {
  let url = "";
  const outer = scene.add(await serveFrame(() => url));
  const { page } = scene.add(await openBrowser({ pitch: null, hosts: ["dashboard.example"] }));
  const open = async (port) => {
    const server = scene.add(await Server.start({ args: ["--origins", `http://dashboard.example:${port}`] }));
    url = server.url;
    await page.goto(`http://dashboard.example:${outer.port}/`);
  };
  await open(outer.port);
  await page.frameLocator("iframe").locator('#link[data-state="up"]').waitFor();
  const refusal = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
  await open(outer.port === 81 ? 82 : 81);
  await refusal;
});
