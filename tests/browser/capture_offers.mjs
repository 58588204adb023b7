// SPDX-License-Identifier: MIT

// Writes what Chromium and Firefox offer into a folder: `node capture_offers.mjs FOLDER`

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { firefoxExecutable, isInstalled, openBrowser, openFirefox } from "./harness/browser.mjs";
import { serveFetchPages } from "./harness/pages.mjs";

const folder = process.argv[2];

/** Runs inside a page. Nothing is gathered, so no address is in it. */
async function offer({ audio, video }) {
  const peer = new RTCPeerConnection();
  const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
  if (audio === "recvonly") peer.addTransceiver("audio", { direction: audio });
  else microphone.getTracks().forEach((track) => peer.addTrack(track, microphone));
  if (audio === "sendonly") peer.getTransceivers()[0].direction = audio;
  if (video) peer.addTransceiver("video", { direction: audio });
  const { sdp } = await peer.createOffer();
  peer.close();
  return sdp;
}

const kinds = {
  talker: { audio: "sendrecv" },
  whip: { audio: "sendonly", video: true },
  whep: { audio: "recvonly", video: true },
};

const pages = await serveFetchPages("http://localhost/");  // a microphone is for pages with an address
const browsers = { chromium: openBrowser, ...((await isInstalled(firefoxExecutable)) && { firefox: openFirefox }) };
for (const [name, open] of Object.entries(browsers)) {
  const browser = await open();
  await browser.page.goto(pages.url + "whip.html");
  for (const [kind, wanted] of Object.entries(kinds))
    await writeFile(join(folder, `captured-${name}-${kind}.sdp`), await browser.page.evaluate(offer, wanted));
  await browser.close();
}
pages.close();
