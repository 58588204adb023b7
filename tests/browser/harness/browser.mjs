// SPDX-License-Identifier: MIT

// Chromium as a person has it at home: its own profile, a microphone that plays a file.

import { createHash, X509Certificate } from "node:crypto";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, firefox } from "playwright-core";

import { writeTone } from "./tone.mjs";
import { patience } from "./wait.mjs";

export const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const firefoxExecutable = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

export const isInstalled = (program = executable) => access(program).then(() => true, () => false);

const quiet = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Of a certificate's public key: Chromium takes a chain that has it. */
const fingerprint = (certificate) =>
  createHash("sha256").update(new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" })).digest("base64");

/**
 * A browser of its own: two pages in one Chromium share an echo canceller, which would take the test's tone away.
 *
 * `pitch`       what its microphone hears; null for a machine without a microphone
 * `mayRecord`   whether the person lets pages have the microphone
 * `mayAutoplay` whether pages may play sound before the first click
 * `hosts`       names that lead to this machine
 * `authority`   a certificate (PEM) that is trusted
 * `context`     Playwright's options for the page's context
 */
export async function openBrowser({
  pitch = 440,
  mayRecord = true,
  mayAutoplay = true,
  hosts = [],
  authority = null,
  context = {},
} = {}) {
  const folder = await mkdtemp(join(tmpdir(), "voicecast-chromium-"));
  const microphone = join(folder, "microphone.wav");
  if (pitch) await writeTone(microphone, { pitch });
  const browser = await chromium.launch({
    executablePath: executable,
    headless: false,  // Playwright's own headless mode is another program; --headless=new is Chromium itself
    args: [
      "--headless=new",
      "--no-sandbox",
      ...quiet,
      ...(pitch ? ["--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${microphone}`] : []),
      ...(mayRecord ? ["--use-fake-ui-for-media-stream"] : ["--deny-permission-prompts"]),
      ...(hosts.length ? [`--host-resolver-rules=${hosts.map((host) => `MAP ${host} 127.0.0.1`).join(",")}`] : []),
      ...(authority ? [`--ignore-certificate-errors-spki-list=${fingerprint(authority)}`] : []),
      `--autoplay-policy=${mayAutoplay ? "no-user-gesture-required" : "document-user-activation-required"}`,
    ],
  });
  browser.on("disconnected", () => rm(folder, { recursive: true, force: true }));
  const page = await newPage(browser, context);
  return { browser, page, close: () => browser.close() };
}

/**
 * Debian's own Firefox, over WebDriver BiDi (Playwright's usual way needs a patched one). Its fake microphone is a steady
 * tone, so processing that would take it away is for the page to switch off.
 */
export async function openFirefox({ pitch = 440, context = {} } = {}) {
  const browser = await firefox.launch({
    channel: "moz-firefox",
    executablePath: firefoxExecutable,
    headless: true,
    firefoxUserPrefs: {
      "media.navigator.streams.fake": true,
      "media.navigator.audio.fake_frequency": pitch,
      "media.navigator.permission.disabled": true,
      "media.autoplay.default": 0,
      // The server is on loopback only, which Firefox leaves out, and cannot use from addresses it hides.
      "media.peerconnection.ice.loopback": true,
      "media.peerconnection.ice.obfuscate_host_addresses": false,
    },
  });
  const page = await newPage(browser, context);
  return { browser, page, close: () => browser.close() };
}

/** A page that remembers what the tests want to know of it; what goes wrong in it is in `page.pageErrors` and `page.complaints`. */
export async function newPage(browser, context = {}) {
  const page = await (await browser.newContext(context)).newPage();
  page.setDefaultTimeout(patience);
  page.pageErrors = [];
  page.complaints = [];
  page.on("pageerror", (error) => page.pageErrors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  await page.addInitScript(watchMedia);
  return page;
}

/** Runs inside the page before its own scripts, and changes nothing for them. */
function watchMedia() {
  const seen = (globalThis.seen = { peers: [], heard: [], sent: [], messages: [], voices: [], sockets: [], violations: [] });
  addEventListener("securitypolicyviolation", (event) => seen.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...args) {
      super(...args);
      seen.peers.push(this);
      this.addEventListener("track", ({ track, streams }) => {
        seen.heard.push(streams[0] ?? new MediaStream([track]));
        track.addEventListener("unmute", () => seen.voices.push({ at: performance.now() }));  // the first packet
      });
    }
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      seen.sockets.push(this);
      this.addEventListener("message", (event) => {
        seen.messages.push({ ...JSON.parse(event.data), at: performance.now() });
      });
    }
    send(text) {
      seen.sent.push({ ...JSON.parse(text), at: performance.now() });
      super.send(text);
    }
  };
}
