// SPDX-License-Identifier: MIT
import { Emitter } from "./emitter.js";

/**
 * The live streams as the server tells them, oldest first: { id, name, since, listeners }. What an older server does not
 * tell is null. Emits "change".
 */
export class Streams extends Emitter {
  #streams = new Map();
  /** The stream that this very page sends: nobody wants to be followed by his own echo. */
  #ownId = null;

  get all() {
    return [...this.#streams.values()];
  }

  get(id) {
    return this.#streams.get(id);
  }

  get ownId() {
    return this.#ownId;
  }

  set ownId(id) {
    this.#ownId = id;
    this.emit("change");
  }

  /** The newest stream of somebody else. */
  get newest() {
    return this.all.findLast((stream) => stream.id !== this.#ownId);
  }

  apply(message) {
    if (message.type === "available_streams") this.#replace(message.streams ?? [], message.details ?? []);
    else if (message.type === "stream_available") this.#add(message);
    else if (message.type === "stream_ended") this.#streams.delete(message.stream_id);
    else return;
    this.emit("change");
  }

  #replace(ids, details) {
    const told = new Map(details.map((detail) => [detail.id, detail]));
    const known = this.#streams;
    this.#streams = new Map(
      ids.map((id) => {
        const detail = told.get(id) ?? {};
        const before = known.get(id);
        return [
          id,
          {
            id,
            name: detail.name ?? before?.name ?? "",
            since: detail.since ?? before?.since ?? null,
            listeners: detail.listeners ?? null,
          },
        ];
      }),
    );
  }

  #add({ stream_id: id, name }) {
    this.#streams.delete(id);  // it is the newest, wherever it stood
    this.#streams.set(id, { id, name: name ?? "", since: Date.now() / 1000, listeners: 0 });
  }
}
