// SPDX-License-Identifier: MIT

/** Small helpers over the DOM. Text goes in as text, never as markup: names come from strangers. */

export const find = (selector, root = document) => root.querySelector(selector);

/** A copy of a <template>'s one element. */
export const fromTemplate = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

/** Sets text only where it differs, so that a screen reader does not repeat it and a selection stays. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setHidden(element, isHidden) {
  if (element.hidden !== isHidden) element.hidden = isHidden;
}

const toast = find("#toast");
let toastTimer = 0;

/** Says something for a few seconds, to eyes and to screen readers. */
export function say(text) {
  clearTimeout(toastTimer);
  // An open dialog covers everything outside it.
  const stage = find("dialog[open]") ?? document.body;
  if (toast.parentElement !== stage) stage.append(toast);
  toast.textContent = text;
  toast.classList.add("shown");
  toastTimer = setTimeout(() => toast.classList.remove("shown"), 4000);
}

/** Copies a text, also where the page is not in a secure context and navigator.clipboard does not exist. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "offscreen";
    document.body.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    return isDone;
  }
}
