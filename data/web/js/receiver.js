// SPDX-License-Identifier: MIT
import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { Peer } from "./peer.js";
import { isLasting, isMissing } from "./refusals.js";

/** From the request to the sound. */
const patience = 12_000;

/**
 * Somebody's voice on its way to this page. What to hear is a wish that outlives streams, servers and networks: one stream
 * (and, once that has ended, the next one of its name), or always the newest.
 *
 * Emits "change" whenever `state` or `stream` did, "media" with the MediaStream or null, "refusal" with the server's words
 * where it does not give the wished stream to this page.
 */
export class Receiver extends Emitter {
  #signaling;
  #streams;
  #backoff = new Backoff();
  #peer = null;
  #wish = null;  // { id, name } of a stream
  #follows = false;
  #others = new Set();  // the ids beside the wished one while that was last live
  #asked = null;  // the id that the server was asked for
  #refused = null;  // the id that it is not asked for again
  #retry = 0;
  #alarm = 0;
  /** "off", "waiting" (for a stream, or for the server), "connecting" or "playing". */
  state = "off";
  /** The stream that is heard, or waited for: { id, name }, or null. */
  stream = null;

  constructor(signaling, streams) {
    super();
    this.#signaling = signaling;
    this.#streams = streams;
    streams.on("change", () => this.#reconsider());
    signaling.on("message", (message) => this.#receive(message));
    signaling.on("down", () => {
      this.#hangUp();
      this.#reconsider();
    });
  }

  get connection() {
    return this.#peer?.connection ?? null;
  }

  get follows() {
    return this.#follows;
  }

  listen({ id, name }) {
    this.#follows = false;
    this.#wish = { id, name };
    this.#reconsiderAtOnce();
  }

  /** Hears the newest stream from now on; `false` stays with the one that is heard. */
  follow(isWanted) {
    this.#follows = isWanted;
    this.#wish = !isWanted && this.#asked ? this.stream : null;
    this.#reconsiderAtOnce();
  }

  stop() {
    this.#follows = false;
    this.#wish = null;
    this.#reconsiderAtOnce();
  }

  #pick() {
    if (!this.#signaling.isUp) return null;
    if (!this.#follows && !this.#wish) return null;
    const stream = this.#follows ? this.#streams.newest : this.#streams.get(this.#wish.id);
    if (stream && stream.id !== this.#refused) return stream;
    return this.#follows ? null : this.#returned();
  }

  /** The wished voice under a new id. One that was there beside it all the time is somebody else's. */
  #returned() {
    const { name } = this.#wish;
    return this.#streams.all.findLast(
      ({ id, name: itsName }) =>
        itsName === name && ![this.#streams.ownId, this.#refused].includes(id) && !this.#others.has(id),
    );
  }

  /** A person decided: what was put off after a failure is off. */
  #reconsiderAtOnce() {
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#refused = null;
    this.#reconsider();
  }

  #reconsider() {
    const stream = this.#pick();
    if (stream && this.#wish) {
      this.#wish = { id: stream.id, name: stream.name };
      this.#others = new Set(this.#streams.all.map(({ id }) => id));
    }
    const isOld = stream && stream.id === this.#asked;
    if (!isOld && this.#asked) this.#leave();
    if (stream && !isOld && !this.#retry) this.#ask(stream.id);
    this.#become(this.#stateNow(stream), stream ?? this.#wish);
  }

  #stateNow(stream) {
    if (!this.#follows && !this.#wish) return "off";
    if (!stream) return "waiting";
    return this.#peer?.connection.connectionState === "connected" ? "playing" : "connecting";
  }

  #ask(id) {
    this.#asked = id;
    this.#signaling.send({ type: "start_receiving", stream_id: id });
    this.#alarm = setTimeout(() => this.#again(), patience);
  }

  #leave() {
    this.#signaling.send({ type: "stop_stream" });
    this.#hangUp();
    this.#backoff.reset();
  }

  async #receive(message) {
    try {
      if (message.type === "webrtc_offer") await this.#answer(message.offer);
      if (message.type === "webrtc_answer") await this.#peer?.connection.setRemoteDescription(message.answer);
      if (message.type === "ice_candidate") await this.#peer?.add(message.candidate);
    } catch {
      this.#again();
    }
    if (message.type === "error") this.#fail(message);
  }

  /** An error of a stream that was asked for before says nothing of this one. */
  #fail(error) {
    if (!this.#asked || (error.stream_id ?? this.#asked) !== this.#asked) return;
    if (!isLasting(error) && !isMissing(error)) return this.#again();
    this.#refused = this.#asked;
    this.#hangUp();
    if (isLasting(error) && !this.#follows) this.#wish = null;
    this.#reconsider();
    if (isLasting(error)) this.emit("refusal", error.message);
  }

  async #answer(offer) {
    // The offer of a stream that was asked for before: this page hopped on meanwhile.
    const isStale = /^a=msid:stream_/m.test(offer.sdp) && !offer.sdp.includes(`a=msid:${this.#asked} `);
    if (!this.#asked || isStale) return;
    this.#peer?.close();
    const peer = (this.#peer = new Peer(this.#signaling));
    peer.connection.ontrack = ({ track, streams }) => this.emit("media", streams[0] ?? new MediaStream([track]));
    peer.on("connected", () => {
      clearTimeout(this.#alarm);
      this.#backoff.reset();
      this.#reconsider();
      this.#signaling.send({ type: "get_available_streams" });  // it counts this listener now
    });
    peer.on("failed", () => this.#again());
    await peer.connection.setRemoteDescription(offer);
    await peer.describe();
    if (peer === this.#peer) this.#signaling.send({ type: "webrtc_answer", answer: peer.description });
  }

  /** The stream is listed and yet not heard: ask again, a little later, and look at the list before. */
  #again() {
    this.#hangUp();
    this.#retry = setTimeout(() => {
      this.#retry = 0;
      this.#signaling.send({ type: "get_available_streams" });
      this.#reconsider();
    }, this.#backoff.next());
    this.#reconsider();
  }

  #hangUp() {
    clearTimeout(this.#retry);
    clearTimeout(this.#alarm);
    this.#retry = 0;
    this.#asked = null;
    if (!this.#peer) return;
    this.#peer.close();
    this.#peer = null;
    this.emit("media", null);
  }

  #become(state, stream) {
    this.state = state;
    this.stream = stream ?? null;
    this.emit("change");
  }
}
