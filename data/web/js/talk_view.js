// SPDX-License-Identifier: MIT
import { wakeAudio } from "./audio.js";
import { find, say, setHidden, setText } from "./dom.js";
import { Meter } from "./meter.js";
import { isPossible, listMicrophones, onMicrophonesChanged } from "./microphone.js";
import { onPress } from "./press.js";
import { Quality } from "./quality.js";
import { recall, remember } from "./settings.js";
import { keepAwake } from "./wake_lock.js";

/** After a hold the line stays open, muted, for so long: the next words of a conversation are then heard at once. */
const linger = 10_000;

const processing = ["echoCancellation", "noiseSuppression", "autoGainControl"];

const hints = {
  off: "Hold to talk, or tap to stay on",
  asking: "The browser asks for the microphone: allow it",
  connecting: "Connecting …",
  held: "You are on the air. Let go to pause",
  latched: "You are on the air. Tap to stop",
  muted: "Paused: nobody hears you now",
  silenced: "The system has muted the microphone: nobody hears you now",
  broken: "The connection broke. Trying again …",
};

const words = { off: "Talk", asking: "Talk", connecting: "Wait", live: "On air", muted: "Talk", silenced: "Muted", broken: "Wait" };

/** The card with the big button. */
export class TalkView {
  #sender;
  #card = find("#talk-card");
  #button = find("#talk");
  #meter = new Meter(find("#talk-meter"), find("#talk-ring"));
  #name = find("#name");
  #device = find("#device");
  #isLatched = false;
  #wasOn = false;  // when the press began
  #lingering = 0;
  #looking = 0;

  constructor(sender) {
    this.#sender = sender;
    onPress(this.#button, { down: () => this.#down(), up: (isTap) => this.#up(isTap) });
    this.#bindSettings();
    sender.on("state", (state) => this.#show(state));
    sender.on("microphone", (stream) => {
      stream ? this.#meter.attach(stream) : this.#meter.detach();
      if (stream) this.#listDevices();  // only now do they have names
    });
    sender.on("trouble", (error) => this.explain(error.message));
    sender.on("refusal", say);
    onMicrophonesChanged(() => this.#listDevices());
    this.#listDevices();
    if (!isPossible()) this.#forbid();
  }

  /** Clear words above the button, where something keeps the voice in. */
  explain(text) {
    setText(find("#talk-notice-text"), text);
    setHidden(find("#talk-notice"), !text);
  }

  /** The way to a page that may have the microphone. */
  set secureUrl(url) {
    if (isPossible() || !url) return;
    find("#secure-link").href = url;
    setHidden(find("#secure-way"), false);
  }

  #forbid() {
    this.explain("Browsers give the microphone only to pages that came over HTTPS. Listening works here all the same.");
    this.#card.dataset.state = "forbidden";
  }

  #down() {
    clearTimeout(this.#lingering);
    wakeAudio();
    this.explain("");
    this.#wasOn = this.#isLatched;
    if (this.#wasOn) return;
    navigator.vibrate?.(15);
    this.#sender.start({ ...this.#settings, name: this.#name.value.trim() });
  }

  #up(isTap) {
    if (this.#wasOn) return this.#stop();
    if (isTap) {
      this.#isLatched = true;
      return this.#show(this.#sender.state);
    }
    this.#sender.mute(true);
    // While the browser asks, a person may take his time: then it begins when the voice is there.
    if (this.#sender.state !== "asking") this.#linger();
  }

  #linger() {
    clearTimeout(this.#lingering);
    this.#lingering = setTimeout(() => this.#stop(), linger);
  }

  #stop() {
    clearTimeout(this.#lingering);
    this.#isLatched = false;
    this.#sender.stop();
  }

  #show(state) {
    if (state === "off") this.#isLatched = false;
    if (state === "muted") this.#linger();
    const isOn = state !== "off";
    this.#card.dataset.state = state;
    setText(find("#talk-word"), words[state]);
    setText(find("#talk-hint"), hints[state === "live" ? (this.#isLatched ? "latched" : "held") : state]);
    this.#button.setAttribute("aria-pressed", isOn && state !== "muted");
    setHidden(find("#talk-meter"), !isOn);
    this.#name.disabled = isOn;  // listeners were told the name when the stream began
    keepAwake(isOn);
    this.#lookAtQuality(state === "live");
  }

  #lookAtQuality(isLive) {
    clearInterval(this.#looking);
    const line = find("#talk-figures");
    setHidden(line, !isLive);
    if (!isLive) return;
    const quality = new Quality();
    setText(line, "…");
    this.#looking = setInterval(async () => {
      if (!this.#sender.connection) return;
      const { roundTrip, loss } = await quality.read(this.#sender.connection);
      const figures = [
        roundTrip !== null && `Round trip ${Math.round(roundTrip)} ms`,
        loss !== null && `Loss ${loss.toFixed(1)} %`,
      ];
      setText(line, figures.filter(Boolean).join("  ·  ") || "…");
    }, 1000);
  }

  get #settings() {
    const switches = processing.map((name) => [name, find(`#${name}`).checked]);
    return { deviceId: this.#device.value, ...Object.fromEntries(switches) };
  }

  #bindSettings() {
    this.#name.value = recall("name", "");
    this.#name.addEventListener("input", () => remember("name", this.#name.value));
    this.#name.addEventListener("keydown", (event) => event.key === "Enter" && this.#name.blur());
    for (const name of processing) {
      const input = find(`#${name}`);
      input.checked = recall(name, true);
      input.addEventListener("change", () => {
        remember(name, input.checked);
        this.#sender.change(this.#settings);
      });
    }
    this.#device.addEventListener("change", () => {
      remember("device", this.#device.value);
      this.#sender.change(this.#settings);
    });
  }

  async #listDevices() {
    const wanted = recall("device", "");
    const microphones = await listMicrophones();
    const options = microphones.map(({ id, label }) => new Option(label, id, false, id === wanted));
    this.#device.replaceChildren(this.#device.options[0], ...options);
  }
}
