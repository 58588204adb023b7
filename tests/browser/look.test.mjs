// SPDX-License-Identifier: MIT

// How it looks on a phone and on a laptop. The pictures are for people: artefacts/*.png.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { newPage } from "./harness/browser.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { isConnected, listen, talk, tap, visit } from "./harness/voicecast.mjs";

const artefacts = fileURLToPath(new URL("artefacts/", import.meta.url));

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const laptop = { viewport: { width: 1280, height: 800 } };

/** What sticks out of a narrow screen, and buttons that a screen reader could not name. */
function flaws(width) {
  const isShown = (element) => element.checkVisibility();
  const wide = [...document.querySelectorAll("body *")].filter(
    (element) => isShown(element) && !element.closest(".offscreen, svg") && element.getBoundingClientRect().right > width + 1,
  );
  const nameless = [...document.querySelectorAll("button, a, input, select")].filter((element) => {
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join("");
    return isShown(element) && !(element.textContent + labels).trim() && !element.ariaLabel;
  });
  const small = [...document.querySelectorAll("button:not(.text-button), summary, select, input:not([role])")].filter((element) => {
    const { width, height } = element.getBoundingClientRect();
    return isShown(element) && Math.min(width, height) < 40;
  });
  const name = (element) => element.outerHTML.slice(0, 80);
  return { scrolls: document.documentElement.scrollWidth > width, wide: wide.map(name), nameless: nameless.map(name), small: small.map(name) };
}

const flawless = { scrolls: false, wide: [], nameless: [], small: [] };

test("layouts for phone and laptop, light and dark", async (scene) => {
  await mkdir(artefacts, { recursive: true });
  const server = scene.add(await Server.start({ tls: "auto" }));
  const talker = scene.add(await visit(server, { context: { ...phone, colorScheme: "light" } }));
  const listener = scene.add(await visit(server, { pitch: null, context: { ...laptop, colorScheme: "light" } }));
  const shoot = async (page, name, options) => {
    assert.deepEqual(await page.evaluate(flaws, page.viewportSize().width), flawless, name);
    await page.screenshot({ path: `${artefacts}${name}.png`, ...options });
  };
  for (const colorScheme of ["light", "dark"]) {
    await talker.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await shoot(talker.page, `phone-idle-${colorScheme}`);
  }
  await talk(talker.page, { name: "Kitchen" });
  await listen(listener.page);
  await listener.page.waitForFunction(() => document.querySelectorAll(".chart-line[d*=L]").length > 0);
  await listener.page.waitForFunction(() => /\d %/.test(document.querySelector("#loss").textContent));
  const listeningPhone = await newPage(listener.browser, phone);
  await listeningPhone.goto(server.url);
  await isConnected(listeningPhone);
  await listeningPhone.click("summary:has-text('Server')");
  await listen(listeningPhone);
  await listeningPhone.waitForFunction(() => document.querySelectorAll(".chart-line[d*=L]").length > 0);
  for (const colorScheme of ["light", "dark"]) {
    for (const { page } of [talker, listener, { page: listeningPhone }]) await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await shoot(talker.page, `phone-talking-${colorScheme}`);
    await shoot(listener.page, `laptop-listening-${colorScheme}`);
    await shoot(listeningPhone, `phone-listening-${colorScheme}`, { fullPage: true });
  }
  await listeningPhone.click("#share-open");
  await listeningPhone.waitForFunction(() => document.querySelector("#qr").complete);
  await listeningPhone.locator("#certificate").waitFor();
  await shoot(listeningPhone, "phone-share-dark");
  const insecure = scene.add(await visit(server, { url: `http://studio.lan:${server.port}/`, hosts: ["studio.lan"], pitch: null, context: phone }));
  await insecure.page.locator("#secure-link").waitFor();
  await shoot(insecure.page, "phone-insecure-light");
  await tap(talker.page, "#talk");
  await talker.page.goto(server.url + "stream/latest.mp3");
  await shoot(talker.page, "phone-waiting-dark");
});

test("very long name keeps the layout", async (scene) => {
  const server = scene.add(await Server.start());
  const { page } = scene.add(await visit(server, { context: phone }));
  await talk(page, { name: "W".repeat(64) });
  await page.locator(".stream").waitFor();
  assert.deepEqual(await page.evaluate(flaws, page.viewportSize().width), flawless);
});
