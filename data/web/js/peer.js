// SPDX-License-Identifier: MIT
import { Emitter } from "./emitter.js";
import { askForStereo } from "./stereo.js";

/** A connection that lost its network for so long is better made anew. */
const patience = 5000;

/**
 * One RTCPeerConnection that talks to the server over a Signaling. Emits "connected", again after each loss of the network
 * that it came over, and, once, "failed". Where its way is lost or the network is another one it looks for a new way by
 * itself, with the same connection, as long as the Signaling is there to say so; the answer to that comes as webrtc_answer.
 */
export class Peer extends Emitter {
  #signaling;
  #alarm = 0;
  #network = navigator.connection?.type;  // not everywhere; its other news are estimates
  #listeners = new AbortController();
  connection;

  constructor(signaling) {
    super();
    this.#signaling = signaling;
    this.connection = new RTCPeerConnection({ iceServers: [] });
    this.connection.onicecandidate = ({ candidate }) => this.#send(candidate);
    this.connection.onconnectionstatechange = () => this.#watch(this.connection.connectionState);
    const { signal } = this.#listeners;
    addEventListener("online", () => this.#restart(), { signal });
    navigator.connection?.addEventListener("change", () => this.#compare(navigator.connection.type), { signal });
  }

  /** One candidate of the server. A wrong one must not end what may work without it. */
  async add(candidate) {
    await this.connection.addIceCandidate(candidate?.candidate ? candidate : undefined).catch(() => {});
  }

  /** Sets this side's description: the answer to an offer, else an offer. */
  async describe() {
    const { connection } = this;
    const isAnswer = connection.signalingState === "have-remote-offer";
    const { type, sdp } = await (isAnswer ? connection.createAnswer() : connection.createOffer());
    await connection.setLocalDescription({ type, sdp: askForStereo(sdp, connection.remoteDescription?.sdp ?? "") });
  }

  /** This side's description in the form of the messages. */
  get description() {
    const { sdp, type } = this.connection.localDescription;
    return { sdp, type };
  }

  close() {
    clearTimeout(this.#alarm);
    this.#listeners.abort();
    this.connection.onconnectionstatechange = null;
    this.connection.onicecandidate = null;
    this.connection.close();
  }

  #send(candidate) {
    if (!candidate) return;  // the end is in nobody's way
    const { candidate: text, sdpMid, sdpMLineIndex } = candidate;
    this.#signaling.send({ type: "ice_candidate", candidate: { candidate: text, sdpMid, sdpMLineIndex } });
  }

  #watch(state) {
    if (state === "connected" || state === "failed") {
      clearTimeout(this.#alarm);
      this.#alarm = 0;
      this.emit(state);
    }
    if (state !== "disconnected" || this.#alarm) return;
    this.#alarm = setTimeout(() => this.emit("failed"), patience);
    this.#restart();
  }

  #compare(network) {
    if (network === this.#network) return;
    this.#network = network;
    this.#restart();
  }

  /** Begins ICE anew. Where a description is still on its way there is nothing yet that could be lost. */
  async #restart() {
    const { connection } = this;
    if (connection.signalingState !== "stable" || !connection.remoteDescription) return;
    connection.restartIce();
    try {
      await this.describe();
    } catch {
      return;  // closed meanwhile
    }
    if (connection.signalingState === "have-local-offer") this.#signaling.send({ type: "webrtc_offer", offer: this.description });
  }
}
