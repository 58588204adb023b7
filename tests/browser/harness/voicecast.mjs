// What a person does with the page.

import { openBrowser } from "./browser.mjs";

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
  await page.click("#talk");
  await isTalking(page);
}

/** Taps on the newest voice, or on the one of this name. */
export async function listen(page, name = "") {
  await page.locator(".stream-main", { hasText: name }).first().click();
  await isPlaying(page);
}

export const isPlaying = (page) => page.waitForSelector('#player[data-state="playing"]');
