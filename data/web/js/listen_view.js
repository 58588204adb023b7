// SPDX-License-Identifier: MIT
import { wakeAudio } from "./audio.js";
import { copy, find, fromTemplate, say, setHidden, setText } from "./dom.js";
import { Meter } from "./meter.js";
import { Player } from "./player.js";
import { Quality } from "./quality.js";
import { recall, remember } from "./settings.js";
import { address } from "./token.js";

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

const title = (stream) => stream.name || "Unnamed voice";

function age(since) {
  const minutes = Math.floor((Date.now() / 1000 - since) / 60);
  if (minutes < 1) return "just now";
  return minutes < 60 ? `for ${minutes} min` : `since ${clock.format(new Date(since * 1000))}`;
}

function facts(stream, isOwn) {
  const { since, listeners } = stream;
  return [
    isOwn && "yours",
    since && age(since),
    listeners !== null && (listeners === 1 ? "1 listener" : `${listeners} listeners`),
  ]
    .filter(Boolean)
    .join(" · ");
}

const mp3Address = (id) => address(`stream/${encodeURIComponent(id)}.mp3`).href;

/** The card with the live voices and what plays. */
export class ListenView {
  #receiver;
  #streams;
  #player = new Player(find("#audio"));
  #meter = new Meter(find("#player-meter"));
  #rows = new Map();  // by stream id
  #follow = find("#follow");
  #looking = 0;

  constructor(receiver, streams) {
    this.#receiver = receiver;
    this.#streams = streams;
    receiver.on("change", () => this.#show());
    receiver.on("media", (stream) => this.#hear(stream));
    receiver.on("refusal", say);
    this.#player.on("blocked", () => this.#showSound());
    find("#prompt").addEventListener("click", () => {
      wakeAudio();
      this.#player.resume();
    });
    find("#player-stop").addEventListener("click", () => this.#stop());
    this.#bindFollow();
    this.#bindVolume();
    this.#show();
  }

  #bindFollow() {
    this.#follow.checked = recall("follow", false);
    this.#follow.addEventListener("change", () => {
      wakeAudio();
      remember("follow", this.#follow.checked);
      this.#receiver.follow(this.#follow.checked);
    });
    if (this.#follow.checked) this.#receiver.follow(true);
  }

  #bindVolume() {
    const slider = find("#volume");
    const apply = () => {
      this.#player.volume = slider.value / 100;
      slider.setAttribute("aria-valuetext", `${slider.value} percent`);
    };
    slider.value = recall("volume", 100);
    slider.addEventListener("input", () => {
      remember("volume", Number(slider.value));
      apply();
    });
    setHidden(find("#volume-field"), !this.#player.hasVolume);
    apply();
  }

  #hear(stream) {
    this.#player.play(stream);
    stream ? this.#meter.attach(stream) : this.#meter.detach();
    this.#lookAtQuality(Boolean(stream));
    this.#showSound();
  }

  #stop() {
    remember("follow", false);
    this.#receiver.stop();
    say("Stopped listening");
  }

  #toggle(stream) {
    wakeAudio();
    if (this.#receiver.stream?.id === stream.id && this.#receiver.state !== "off") return this.#stop();
    remember("follow", false);
    this.#receiver.listen(stream);
  }

  #show() {
    this.#follow.checked = this.#receiver.follows;
    this.#showPlayer();
    this.#showList();
  }

  #showPlayer() {
    const { state, stream, follows } = this.#receiver;
    const panel = find("#player");
    panel.dataset.state = state;
    setHidden(panel, state === "off");
    const [what, name] = {
      off: ["", ""],
      waiting: stream ? ["Waiting for", title(stream)] : ["Waiting for the next voice", ""],
      connecting: ["Connecting to", stream && title(stream)],
      playing: [follows ? "The newest:" : "Listening to", stream && title(stream)],
    }[state];
    setText(find("#player-what"), what);
    setText(find("#player-name"), name ?? "");
    this.#showSound();
  }

  #showSound() {
    const isPlaying = this.#receiver.state === "playing";
    setHidden(find("#prompt"), !(isPlaying && this.#player.isBlocked));
    setHidden(find("#player-sound"), !isPlaying || this.#player.isBlocked);
  }

  #showList() {
    const streams = this.#streams.all.reverse();  // the newest on top
    const ids = new Set(streams.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    const list = find("#streams");
    streams.forEach((stream, i) => {
      const row = this.#rows.get(stream.id) ?? this.#newRow(stream.id);
      this.#fill(row, stream);
      // Moving a row would take the keyboard's focus from it.
      if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
    });
    setHidden(find("#empty"), streams.length > 0 || this.#receiver.state === "waiting");
  }

  #newRow(id) {
    const row = fromTemplate("stream-template");
    row.dataset.id = id;
    find(".stream-main", row).addEventListener("click", () => this.#toggle(this.#streams.get(id)));
    find(".stream-copy", row).addEventListener("click", async () => {
      const address = mp3Address(id);
      say((await copy(address)) ? `Copied: ${address}` : address);
    });
    this.#rows.set(id, row);
    return row;
  }

  #fill(row, stream) {
    const isHeard = this.#receiver.state !== "off" && this.#receiver.stream?.id === stream.id;
    setText(find(".stream-name", row), title(stream));
    setText(find(".stream-meta", row), facts(stream, stream.id === this.#streams.ownId));
    find(".stream-main", row).setAttribute("aria-pressed", isHeard);
    find(".stream-copy", row).setAttribute("aria-label", `Copy the MP3 address of ${title(stream)}`);
  }

  #lookAtQuality(isOn) {
    clearInterval(this.#looking);
    if (!isOn) return;
    const quality = new Quality();
    const inMilliseconds = (value) => (value === null ? "–" : `${Math.round(value)} ms`);
    const look = async () => {
      if (!this.#receiver.connection) return;
      const { latency, roundTrip, jitter, loss } = await quality.read(this.#receiver.connection);
      setText(find("#latency"), inMilliseconds(latency));
      setText(find("#round-trip"), inMilliseconds(roundTrip));
      setText(find("#jitter"), inMilliseconds(jitter));
      setText(find("#loss"), loss === null ? "–" : `${loss.toFixed(1)} %`);
    };
    this.#looking = setInterval(look, 1000);
  }
}
