// SPDX-License-Identifier: MIT

// What a headset, a call or the system does to the page's sound and microphone, and what stereo becomes.

import assert from "node:assert/strict";

import { hear } from "./harness/hearing.mjs";
import { Server } from "./harness/server.mjs";
import { test } from "./harness/test.mjs";
import { conversation, isTalking, listen, tap, visit } from "./harness/voicecast.mjs";

const asksForATap = (page, isWanted = true) => page.waitForSelector("#prompt", { state: isWanted ? "visible" : "hidden" });

const pause = (page) => page.evaluate(() => document.querySelector("#audio").pause());

const plays = (page) => page.waitForFunction(() => !document.querySelector("#audio").paused);

test("sound paused from outside requests a tap", async (scene) => {
  const { listener } = await conversation(scene);
  for (let i = 0; i < 2; i++) {
    await pause(listener.page);
    await asksForATap(listener.page);
    await listener.page.click("#prompt");
    await plays(listener.page);
    await asksForATap(listener.page, false);
  }
});

test("sound paused from outside resumes when the page is visible", async (scene) => {
  const { listener } = await conversation(scene);
  await pause(listener.page);
  await asksForATap(listener.page);
  await listener.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await plays(listener.page);
  await asksForATap(listener.page, false);
});

test("sound resumed by a system button needs no tap", async (scene) => {
  const { listener } = await conversation(scene);
  await pause(listener.page);
  await asksForATap(listener.page);
  await listener.page.evaluate(() => document.querySelector("#audio").play());
  await asksForATap(listener.page, false);
});

test("ended or left stream requests no tap", async (scene) => {
  const { talker, listener } = await conversation(scene);
  await listener.page.click("#player-stop");
  await listener.page.waitForSelector('#player[data-state="off"]', { state: "hidden" });
  await listen(listener.page);
  await tap(talker.page, "#talk");
  await listener.page.waitForSelector('#player[data-state="waiting"]');
  await asksForATap(listener.page, false);
});

/** Runs in a page of the server: talks in stereo by WHIP, with a tone on the left only. */
async function talkOnTheLeft(name) {
  const context = new AudioContext();
  await context.resume();
  const sides = new ChannelMergerNode(context, { numberOfInputs: 2 });
  const tone = new OscillatorNode(context, { frequency: 440 });
  tone.connect(sides, 0, 0);
  tone.start();
  const voice = new MediaStreamAudioDestinationNode(context, { channelCount: 2 });
  sides.connect(voice);
  const peer = new RTCPeerConnection();
  peer.addTransceiver(voice.stream.getAudioTracks()[0], { direction: "sendonly", streams: [voice.stream] });
  const { type, sdp } = await peer.createOffer();
  await peer.setLocalDescription({ type, sdp: sdp.replace("useinbandfec=1", "useinbandfec=1;stereo=1;sprop-stereo=1") });
  const response = await fetch(`whip/${name}`, {
    method: "POST", headers: { "Content-Type": "application/sdp" }, body: peer.localDescription.sdp,
  });
  await peer.setRemoteDescription({ type: "answer", sdp: await response.text() });
}

/** Runs in the listening page: waits until one ear hears something, and gives both levels (root mean square). */
async function levelsOfBothEars() {
  const context = new AudioContext();
  await context.resume();
  const sides = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
  new MediaStreamAudioSourceNode(context, { mediaStream: seen.heard.at(-1) }).connect(sides);
  const ears = [0, 1].map((side) => {
    const ear = new AnalyserNode(context, { fftSize: 4096 });
    sides.connect(ear, side);
    return ear;
  });
  const level = (ear) => {
    const wave = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(wave);
    return Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length);
  };
  let levels;
  do {
    await new Promise(requestAnimationFrame);
    levels = ears.map(level);
  } while (Math.max(...levels) < 0.1);
  return levels;
}

test("stereo stays stereo, also after reconnecting", async (scene) => {
  const server = scene.add(await Server.start());
  const talker = scene.add(await visit(server));
  const listener = scene.add(await visit(server, { pitch: null }));
  await talker.page.evaluate(talkOnTheLeft, "stereo");
  await listen(listener.page, "stereo");
  const isLeft = async () => {
    const [left, right] = await listener.page.evaluate(levelsOfBothEars);
    scene.note(`left ${left.toFixed(4)}, right ${right.toFixed(4)}`);
    assert.ok(right < left / 100, `left ${left}, right ${right}`);
  };
  await isLeft();
  const answers = await listener.page.evaluate(() => seen.messages.filter(({ type }) => type === "webrtc_answer").length);
  await listener.page.evaluate(() => dispatchEvent(new Event("online")));
  await listener.page.waitForFunction(
    (count) => seen.messages.filter(({ type }) => type === "webrtc_answer").length > count && seen.peers[0].signalingState === "stable",
    answers,
  );
  await isLeft();
});

test("mono is requested as mono", async (scene) => {
  const { talker, listener } = await conversation(scene);
  for (const { page } of [talker, listener])
    assert.doesNotMatch(await page.evaluate(() => seen.peers[0].localDescription.sdp), /\bstereo=1/);
});

test("microphone muted by the system is reported, and reopened afterwards", async (scene) => {
  const { talker, listener } = await conversation(scene);
  const change = (isMuted) =>
    talker.page.evaluate((value) => {
      const { track } = seen.peers.at(-1).getSenders()[0];
      Object.defineProperty(track, "muted", { value, configurable: true });
      track.dispatchEvent(new Event(value ? "mute" : "unmute"));
      globalThis.tracks = [...(globalThis.tracks ?? []), track];
    }, isMuted);
  await change(true);
  await isTalking(talker.page, "silenced");
  assert.match(await talker.page.textContent("#talk-hint"), /system has muted the microphone/);
  await change(false);
  await isTalking(talker.page, "live");
  await talker.page.waitForFunction(() => {
    const { track } = seen.peers.at(-1).getSenders()[0];
    return track && track !== tracks.at(-1) && track.readyState === "live";
  });
  assert.equal(await talker.page.evaluate(() => tracks.at(-1).readyState), "ended");
  await hear(listener.page, 440);
  assert.equal(await talker.page.evaluate(() => seen.peers.length), 1);
});

test("sender's own pause survives a system mute", async (scene) => {
  const server = scene.add(await Server.start());
  const { page } = scene.add(await visit(server));
  const change = (type) => page.evaluate((name) => seen.peers.at(-1).getSenders()[0].track.dispatchEvent(new Event(name)), type);
  await page.hover("#talk");
  await page.mouse.down();
  await isTalking(page, "live");
  await change("mute");
  await isTalking(page, "silenced");
  await page.waitForFunction(() => performance.now() - seen.sent.find(({ type }) => type === "webrtc_offer").at > 400);  // no tap
  await page.mouse.up();
  await isTalking(page, "muted");
  await page.mouse.down();
  await isTalking(page, "silenced");
  await page.mouse.up();
});
