// SPDX-License-Identifier: MIT
import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { openMicrophone } from "./microphone.js";
import { Peer } from "./peer.js";
import { isLasting } from "./refusals.js";
import { Signaling } from "./signaling.js";

/** The server may take so long from the offer to the connection. */
const patience = 15_000;

/**
 * This page's voice on its way to the server, on a WebSocket of its own that is open only while it is needed.
 *
 * Emits "state" with one of: "off", "asking" (for the microphone), "connecting", "live", "muted", "silenced" (the system has
 * muted the microphone), "broken" (it will try again by itself); "microphone" with the MediaStream or null; "stream" with the stream's id or null; "refusal" with the
 * server's words; "trouble" with an Error that ended the wish to talk.
 */
export class Sender extends Emitter {
  #signaling = new Signaling();
  #backoff = new Backoff();
  #peer = null;
  #microphone = null;
  #settings = null;
  #wanted = false;
  #muted = false;
  #silenced = false;
  #retry = 0;
  #alarm = 0;
  #attempt = 0;  // what an earlier one still waits for is of no interest
  state = "off";

  constructor() {
    super();
    this.#signaling.on("up", () => this.#begin());
    this.#signaling.on("message", (message) => this.#receive(message));
    this.#signaling.on("down", () => {
      this.#hangUp();
      this.#become("broken");
    });
    this.#signaling.on("refused", ({ words, lasting }) => lasting && this.#giveUp(`Not let in: ${words}`));
  }

  get connection() {
    return this.#peer?.connection ?? null;
  }

  /** `settings`: what openMicrophone() takes, and the stream's `name`. */
  async start(settings) {
    if (this.#wanted) return this.mute(false);
    this.#wanted = true;
    this.#muted = false;
    this.#settings = settings;
    this.#become("asking");
    if (!(await this.#openMicrophone())) return;
    this.#become("connecting");
    this.#signaling.open();
  }

  /** A muted voice stays connected, so that the next word is heard at once. */
  mute(isMuted) {
    if (!this.#wanted) return;
    this.#muted = isMuted;
    this.#applyMute();
    this.#showVoice();
  }

  stop() {
    if (!this.#wanted) return;
    this.#wanted = false;
    this.#attempt += 1;
    this.#signaling.send({ type: "stop_stream" });
    this.#hangUp();
    this.#signaling.close();
    this.#closeMicrophone();
    this.#backoff.reset();
    this.#become("off");
  }

  /** Another microphone, or other processing, without a gap in the stream. */
  async change(settings) {
    this.#settings = { ...this.#settings, ...settings };
    if (!this.#microphone) return;
    // Some browsers give one and the same microphone to all requests, with the settings of the first.
    this.#closeMicrophone();
    if (!(await this.#openMicrophone())) return;
    const [rtpSender] = this.#peer?.connection.getSenders() ?? [];
    await rtpSender?.replaceTrack(this.#track);
  }

  get #track() {
    return this.#microphone?.getAudioTracks()[0] ?? null;
  }

  /** False if it came to nothing. */
  async #openMicrophone() {
    const attempt = (this.#attempt += 1);
    const { name, ...settings } = this.#settings;
    try {
      const microphone = await openMicrophone(settings);
      if (attempt !== this.#attempt) {
        microphone.getTracks().forEach((track) => track.stop());
        return false;
      }
      this.#microphone = microphone;
    } catch (error) {
      if (attempt !== this.#attempt) return false;
      this.stop();
      this.emit("trouble", error);
      return false;
    }
    this.#track.contentHint = "speech";
    this.#watchTrack();
    this.#applyMute();
    this.emit("microphone", this.#microphone);
    return true;
  }

  #watchTrack() {
    const track = this.#track;
    let wasTaken = false;  // a track may be muted until its first sound, which is nothing to begin anew for
    const become = (isSilenced) => {
      this.#silenced = isSilenced;
      this.#showVoice();
    };
    become(track.muted);
    track.onended = () => this.change({});  // unplugged: perhaps there is another
    track.onmute = () => {
      wasTaken = true;
      become(true);
    };
    track.onunmute = () => {
      become(false);
      if (wasTaken) this.change({});  // after a call some systems give back a track that stays silent
    };
  }

  #closeMicrophone() {
    if (!this.#microphone) return;
    for (const event of ["onended", "onmute", "onunmute"]) this.#track[event] = null;
    this.#microphone.getTracks().forEach((track) => track.stop());
    this.#microphone = null;
    this.emit("microphone", null);
  }

  #applyMute() {
    if (this.#track) this.#track.enabled = !this.#muted;
  }

  get #voice() {
    if (this.#muted) return "muted";
    return this.#silenced ? "silenced" : "live";
  }

  #showVoice() {
    const isConnected = ["live", "muted", "silenced"].includes(this.state);
    if (isConnected && this.state !== this.#voice) this.#become(this.#voice);
  }

  #begin() {
    if (!this.#wanted || !this.#microphone) return;
    this.#become("connecting");
    const { name } = this.#settings;
    this.#signaling.send({ type: "start_sending", ...(name && { name }) });
  }

  async #receive(message) {
    try {
      if (message.type === "sender_ready") await this.#offer(message.connection_id);
      if (message.type === "webrtc_answer") await this.#peer?.connection.setRemoteDescription(message.answer);
      if (message.type === "ice_candidate") await this.#peer?.add(message.candidate);
    } catch {
      this.#again();
    }
    if (message.type !== "error") return;
    if (isLasting(message)) return this.#giveUp(message.message);
    this.emit("refusal", message.message);
    this.#again();
  }

  /** No later try would go better. */
  #giveUp(words) {
    if (!this.#wanted) return;
    this.stop();
    this.emit("trouble", new Error(words));
  }

  async #offer(connectionId) {
    this.#hangUp();
    const peer = (this.#peer = new Peer(this.#signaling));
    peer.on("connected", () => {
      clearTimeout(this.#alarm);
      this.#backoff.reset();
      this.#become(this.#voice);
    });
    peer.on("failed", () => this.#again());
    this.#alarm = setTimeout(() => this.#again(), patience);
    peer.connection.addTrack(this.#track, this.#microphone);
    await peer.describe();
    if (peer !== this.#peer) return;
    this.emit("stream", `stream_${connectionId}`);
    this.#signaling.send({ type: "webrtc_offer", offer: peer.description });
  }

  /** The WebSocket is there and the voice is not: begin anew, a little later. */
  #again() {
    this.#hangUp();
    if (!this.#wanted) return;
    this.#become("broken");
    this.#retry = setTimeout(() => this.#signaling.isUp && this.#begin(), this.#backoff.next());
  }

  #hangUp() {
    clearTimeout(this.#retry);
    clearTimeout(this.#alarm);
    if (!this.#peer) return;
    this.#peer.close();
    this.#peer = null;
    this.emit("stream", null);
  }

  #become(state) {
    if (!this.#wanted && state !== "off") return;
    this.state = state;
    this.emit("state", state);
  }
}
