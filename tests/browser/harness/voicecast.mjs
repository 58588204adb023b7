// SPDX-License-Identifier: MIT

// What a person does with the page.

import { openBrowser } from "./browser.mjs";
import { hear } from "./hearing.mjs";
import { Server } from "./server.mjs";

/** A browser with the server's page, connected. Takes `url` for another address, `open` for another browser, and that one's options. */
export async function visit(server, { url = server.url, open = openBrowser, ...options } = {}) {
  const browser = await open(options);
  try {
    await browser.page.goto(url);
    await isConnected(browser.page);
  } catch (error) {
    await browser.close();
    throw error;
  }
  return browser;
}

export const isConnected = (page) => page.waitForSelector('#link[data-state="up"]');

/** "live", "muted", "off" … of the card with the big button. */
export const isTalking = (page, state = "live") => page.waitForSelector(`#talk-card[data-state="${state}"]`);

export async function talk(page, { name = "" } = {}) {
  await page.fill("#name", name);
  await tap(page, "#talk");
  await isTalking(page);
}

/** As quick as a finger: page.click() lets go only when the page is done with the press, which may be a hold by then. */
export async function tap(page, selector) {
  await page.hover(selector);
  await Promise.all([page.mouse.down(), page.mouse.up()]);
}

/** The same with a key. */
export const tapKey = (page, key) => Promise.all([page.keyboard.down(key), page.keyboard.up(key)]);

/** Taps on the newest voice, or on the one of this name. */
export async function listen(page, name = "") {
  await page.locator(".stream-main", { hasText: name }).first().click();
  await isPlaying(page);
}

export const isPlaying = (page) => page.waitForSelector('#player[data-state="playing"]');

/** A server, a page that talks and another that hears it. */
export async function conversation(scene) {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  const listener = scene.add(await visit(server, { pitch: null }));
  await talk(talker.page);
  await listen(listener.page);
  await hear(listener.page, 440);
  return { server, talker, listener };
}
