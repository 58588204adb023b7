// SPDX-License-Identifier: MIT

// How long Chromium waits, from start_receiving to its first RTP packet: `node chromium_join.mjs WEBSOCKET_URL COUNT`
// prints a list of milliseconds. The address that it connects from is that of the server's page.

import { openBrowser } from "../../browser/harness/browser.mjs";

const [url, count] = process.argv.slice(2);
const { page, close } = await openBrowser({ pitch: null });
await page.goto(url.replace("ws", "http").replace(/\/ws$/, "/health"));
const times = await page.evaluate(
  async ({ url, count }) => {
    const join = async () => {
      const socket = new WebSocket(url);
      await new Promise((resolve) => (socket.onopen = resolve));
      const peer = new RTCPeerConnection({ encodedInsertableStreams: true });
      const first = new Promise((resolve) => {
        peer.ontrack = async ({ receiver }) => {
          await receiver.createEncodedStreams().readable.getReader().read();
          resolve(performance.now());
        };
      });
      const send = (message) => socket.send(JSON.stringify(message));
      peer.onicecandidate = ({ candidate }) => send({ type: "ice_candidate", candidate });
      socket.onmessage = async ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === "webrtc_offer") {
          await peer.setRemoteDescription(message.offer);
          await peer.setLocalDescription();
          send({ type: "webrtc_answer", answer: peer.localDescription });
        } else if (message.type === "ice_candidate") {
          await peer.addIceCandidate(message.candidate);
        }
      };
      const start = performance.now();
      send({ type: "start_receiving" });
      const waited = (await first) - start;
      peer.close();
      socket.close();
      return waited;
    };
    await join();  // what is loaded once
    const times = [];
    for (let i = 0; i < count; ++i) times.push(await join());
    return times;
  },
  { url, count: Number(count) },
);
console.log(JSON.stringify(times.map((time) => Math.round(time * 100) / 100)));
await close();
