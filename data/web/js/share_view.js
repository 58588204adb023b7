// SPDX-License-Identifier: MIT
import { copy, find, say, setHidden, setText } from "./dom.js";
import { hasCertificate } from "./server_facts.js";

/** The `data-platform` of the words that concern this device. */
function platform() {
  const agent = navigator.userAgent;
  if (/Android/.test(agent)) return /Firefox/.test(agent) ? "firefox" : "android";
  // An iPad calls itself a Mac, and has a touch screen.
  if (/iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return "ios";
  if (/Firefox/.test(agent)) return "firefox";
  if (/Windows/.test(agent)) return "windows";
  if (/Macintosh/.test(agent)) return "mac";
  return "linux";
}

/** The sheet with the address for other devices, as text and as a QR code, and the certificate. */
export class ShareView {
  #sheet = find("#share");
  #address = new URL(".", document.baseURI).href;
  #isDirect = false;

  constructor() {
    find("#share-open").addEventListener("click", () => this.open());
    find("#secure-help").addEventListener("click", () => this.open());
    find("#share-copy").addEventListener("click", async () => {
      say((await copy(this.#address)) ? `Copied: ${this.#address}` : this.#address);
    });
    // A click on the backdrop lands on the dialog itself.
    this.#sheet.addEventListener("click", (event) => event.target === this.#sheet && this.#sheet.close());
    const qr = find("#qr");
    qr.addEventListener("load", () => setHidden(qr, false));
    qr.addEventListener("error", () => setHidden(qr, true));
  }

  /** As readFacts() has them. A proxy shows a certificate of its own, so ours is offered without one only. */
  set facts({ sharedUrl, isDirect }) {
    this.#address = sharedUrl;
    this.#isDirect = isDirect;
    if (this.#sheet.open) this.#show();
  }

  open() {
    this.#sheet.showModal();
    this.#show();
  }

  #show() {
    setHidden(find("#share-known"), !this.#address);
    setHidden(find("#share-unknown"), Boolean(this.#address));
    if (this.#address) this.#showAddress();
    this.#offerCertificate();
  }

  #showAddress() {
    const link = find("#share-address");
    link.href = this.#address;
    setText(link, this.#address);
    find("#qr").src = `qr.svg?text=${encodeURIComponent(this.#address)}`;
  }

  async #offerCertificate() {
    const isOffered = this.#isDirect && (await hasCertificate());
    setHidden(find("#certificate"), !isOffered);
    if (!isOffered) return;
    const ours = find(`[data-platform="${platform()}"]`);
    ours.parentElement.insertBefore(ours, find("[data-platform]"));
    ours.open = true;
  }
}
