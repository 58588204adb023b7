import { Emitter } from "./emitter.js";

/** A connection that lost its network for so long is better made anew. */
const patience = 5000;

/**
 * One RTCPeerConnection that talks to the server over a Signaling. Emits "connected" and, once, "failed".
 */
export class Peer extends Emitter {
  #signaling;
  #alarm = 0;
  connection;

  constructor(signaling) {
    super();
    this.#signaling = signaling;
    this.connection = new RTCPeerConnection({ iceServers: [] });
    this.connection.onicecandidate = ({ candidate }) => this.#send(candidate);
    this.connection.onconnectionstatechange = () => this.#watch(this.connection.connectionState);
  }

  /** One candidate of the server. A wrong one must not end what may work without it. */
  async add(candidate) {
    await this.connection.addIceCandidate(candidate?.candidate ? candidate : undefined).catch(() => {});
  }

  /** This side's description in the form of the messages. */
  get description() {
    const { sdp, type } = this.connection.localDescription;
    return { sdp, type };
  }

  close() {
    clearTimeout(this.#alarm);
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
    clearTimeout(this.#alarm);
    if (state === "connected") this.emit("connected");
    if (state === "failed") this.emit("failed");
    if (state === "disconnected") this.#alarm = setTimeout(() => this.emit("failed"), patience);
  }
}
