// SPDX-License-Identifier: MIT

/** What getStats() knows of a connection, in the few figures that a person can use. Unknown is null. */

const milliseconds = (seconds) => (seconds === undefined ? null : seconds * 1000);

/** Watches one RTCPeerConnection; losses are those since the last look. */
export class Quality {
  #lastLost = 0;
  #lastTotal = 0;
  #lastDelay = 0;
  #lastEmitted = 0;

  /** { roundTrip, jitter, latency: milliseconds; loss: percent } */
  async read(connection) {
    const stats = [...(await connection.getStats()).values()];
    const find = (type, test = () => true) => stats.find((stat) => stat.type === type && test(stat));
    const pair = find("candidate-pair", (stat) => stat.nominated && stat.state === "succeeded");
    const inbound = find("inbound-rtp");
    const remote = find("remote-inbound-rtp");
    const roundTrip = milliseconds(remote?.roundTripTime ?? pair?.currentRoundTripTime);
    return {
      roundTrip,
      jitter: milliseconds((inbound ?? remote)?.jitter),
      latency: inbound ? this.#latency(inbound, roundTrip) : null,
      loss: inbound ? this.#loss(inbound) : remote?.fractionLost === undefined ? null : remote.fractionLost * 100,
    };
  }

  #loss({ packetsLost = 0, packetsReceived = 0 }) {
    const lost = packetsLost - this.#lastLost;
    const total = packetsLost + packetsReceived - this.#lastTotal;
    [this.#lastLost, this.#lastTotal] = [packetsLost, packetsLost + packetsReceived];
    return total > 0 ? Math.max(0, (100 * lost) / total) : null;
  }

  /** Half the way there and back, and the time in the browser's own buffer. The sender's side is not in it. */
  #latency({ jitterBufferDelay, jitterBufferEmittedCount }, roundTrip) {
    if (jitterBufferDelay === undefined || roundTrip === null) return null;
    const delay = jitterBufferDelay - this.#lastDelay;
    const emitted = jitterBufferEmittedCount - this.#lastEmitted;
    [this.#lastDelay, this.#lastEmitted] = [jitterBufferDelay, jitterBufferEmittedCount];
    return emitted > 0 ? roundTrip / 2 + (1000 * delay) / emitted : null;
  }
}
