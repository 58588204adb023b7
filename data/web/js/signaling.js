// SPDX-License-Identifier: MIT
import { Backoff } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { address as serverAddress, refusal } from "./token.js";

/** A server that says nothing for so long after a question is gone, whatever TCP still believes. */
const silence = 8000;
const heartbeat = 4000;

function address() {
  const url = serverAddress("ws");
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/**
 * One WebSocket to the server, opened again and again until close() is called, or the server refuses this page for good.
 *
 * Emits "message" with each message, "up" when the server has greeted, "down" with the milliseconds until the next try,
 * "refused" with the server's { words, lasting } where it lets this page in not yet, or not at all: then there is no next try
 * before the person, or the network, comes back.
 */
export class Signaling extends Emitter {
  #socket = null;
  #backoff = new Backoff();
  #retry = 0;
  #pulse = 0;
  #asked = 0;  // when the server was asked something it has not answered; 0 is never
  #isRefused = false;

  isUp = false;

  constructor() {
    super();
    // Somebody came back to the page, or the network did: no reason to wait any longer.
    const hurry = () => (this.#retry || this.#isRefused) && this.#connect();
    addEventListener("online", hurry);
    document.addEventListener("visibilitychange", () => document.hidden || hurry());
  }

  open() {
    if (this.#socket || this.#retry) return;
    this.#connect();
  }

  close() {
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#isRefused = false;
    this.#backoff.reset();
    this.#drop();
  }

  /** False if there is nobody to send it to; "up" says when there is. */
  send(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #connect() {
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#isRefused = false;
    this.#drop();
    const socket = (this.#socket = new WebSocket(address()));
    socket.onmessage = (event) => this.#socket === socket && this.#receive(event.data);
    socket.onclose = () => this.#socket === socket && this.#fail();
    this.#asked = performance.now();  // a handshake is a question, too
    this.#pulse = setInterval(() => this.#beat(), heartbeat);
  }

  #receive(text) {
    this.#asked = 0;
    const message = JSON.parse(text);
    if (!this.isUp) {
      this.isUp = true;
      this.#backoff.reset();
      this.emit("up");
    }
    this.emit("message", message);
  }

  /** The question doubles as news: its answer tells who listens to what. */
  #beat() {
    if (this.#asked) return void (performance.now() - this.#asked > silence && this.#fail());
    if (this.send({ type: "get_available_streams" })) this.#asked = performance.now();
  }

  #drop() {
    clearInterval(this.#pulse);
    const socket = this.#socket;
    this.#socket = null;
    this.isUp = false;
    socket?.close();
  }

  #fail() {
    const hasGreeted = this.isUp;
    this.#drop();
    const delay = this.#backoff.next();
    this.#retry = setTimeout(() => this.#connect(), delay);
    this.emit("down", delay);
    if (!hasGreeted) this.#learnRefusal();
  }

  /** Asks why; the answer is of interest until the next try. */
  async #learnRefusal() {
    const retry = this.#retry;
    const reason = await refusal();
    if (!reason.words || !retry || retry !== this.#retry) return;
    if (reason.lasting) {
      clearTimeout(this.#retry);
      this.#retry = 0;
      this.#isRefused = true;
    }
    this.emit("refused", reason);
  }
}
