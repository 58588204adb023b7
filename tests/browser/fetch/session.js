// SPDX-License-Identifier: MIT

// WHIP and WHEP with nothing but fetch() and RTCPeerConnection: what the two pages share.

export class Session {
  constructor(endpoint, peer) {
    this.endpoint = endpoint;
    this.peer = peer;
  }

  async open() {
    await this.peer.setLocalDescription();
    const response = await fetch(this.endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/sdp" },
      body: this.peer.localDescription.sdp,
    });
    if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
    this.url = new URL(response.headers.get("Location"), this.endpoint);
    this.etag = response.headers.get("ETag");
    await this.peer.setRemoteDescription({ type: "answer", sdp: await response.text() });
  }

  /** From another network, or because the path is lost: new ICE credentials, the same session. */
  restartIce() {
    this.restarting = this.#restart();
    return this.restarting;
  }

  async #restart() {
    this.peer.restartIce();
    await this.peer.setLocalDescription();
    const wanted = /^(m=audio|a=(mid|ice-ufrag|ice-pwd|candidate):)/;
    const lines = this.peer.localDescription.sdp.split("\r\n").filter((line) => wanted.test(line));
    const response = await this.patch(lines, '"*"');
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    this.etag = response.headers.get("ETag");
    await this.peer.setRemoteDescription({ type: "answer", sdp: withIce(this.peer.remoteDescription.sdp, await response.text()) });
  }

  patch(lines, condition = this.etag) {
    return fetch(this.url, {
      method: "PATCH",
      headers: { "Content-Type": "application/trickle-ice-sdpfrag", "If-Match": condition },
      body: lines.join("\r\n") + "\r\n",
    });
  }

  /** One candidate that was found after the offer had gone out. */
  async trickle({ candidate, usernameFragment }) {
    await this.restarting;
    const section = this.peer.localDescription.sdp.match(/^m=audio.*/m)[0];
    const password = this.peer.localDescription.sdp.match(/^a=ice-pwd:.*/m)[0];
    const response = await this.patch([section, `a=ice-ufrag:${usernameFragment}`, password, `a=${candidate}`]);
    return response.status;
  }

  /** In this order: when the peer is closed, the session is over, and there is nothing left to delete. */
  async close() {
    const response = await fetch(this.url, { method: "DELETE" });
    this.peer.close();
    return response;
  }
}

/** A description with the ICE session of a fragment in place of its own, in each m-line: all are in one bundle. */
function withIce(sdp, fragment) {
  const ice = /^a=(ice-ufrag|ice-pwd|candidate|end-of-candidates)/;
  const added = fragment.split("\r\n").filter((line) => ice.test(line));
  const renewed = (section) => [...section.split("\r\n").filter((line) => line && !ice.test(line)), ...added].join("\r\n") + "\r\n";
  const [session, ...medias] = sdp.split(/^(?=m=)/m);
  return session + medias.map(renewed).join("");
}
