import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { openMicrophone } from "./microphone.js";
import { Peer } from "./peer.js";
import { Signaling } from "./signaling.js";

/** The server may take so long from the offer to the connection. */
const patience = 15_000;

/**
 * This page's voice on its way to the server, on a WebSocket of its own that is open only while it is needed.
 *
 * Emits "state" with one of: "off", "asking" (for the microphone), "connecting", "live", "muted", "broken" (it will try
 * again by itself); "microphone" with the MediaStream or null; "stream" with the stream's id or null; "refusal" with the
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
    if (this.state === "live" || this.state === "muted") this.#become(isMuted ? "muted" : "live");
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
    this.#track.onended = () => this.change({});  // unplugged: perhaps there is another
    this.#applyMute();
    this.emit("microphone", this.#microphone);
    return true;
  }

  #closeMicrophone() {
    if (!this.#microphone) return;
    this.#track.onended = null;
    this.#microphone.getTracks().forEach((track) => track.stop());
    this.#microphone = null;
    this.emit("microphone", null);
  }

  #applyMute() {
    if (this.#track) this.#track.enabled = !this.#muted;
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
    this.emit("refusal", message.message);
    this.#again();
  }

  async #offer(connectionId) {
    this.#hangUp();
    const peer = (this.#peer = new Peer(this.#signaling));
    peer.on("connected", () => {
      clearTimeout(this.#alarm);
      this.#backoff.reset();
      this.#become(this.#muted ? "muted" : "live");
    });
    peer.on("failed", () => this.#again());
    this.#alarm = setTimeout(() => this.#again(), patience);
    peer.connection.addTrack(this.#track, this.#microphone);
    await peer.connection.setLocalDescription();
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
