// SPDX-License-Identifier: MIT

/** Shorter is a tap, longer is a hold. By the events' own times, in ms: a page that is busy hears of them late. */
const tap = 350;

/**
 * Tells holding from tapping, alike for finger, mouse and keyboard: `down` at once, then `up(isTap)`. A click that comes
 * without a press (a screen reader's, a switch's) is a tap.
 */
export function onPress(button, { down, up }) {
  let since = null;
  let ended = -tap;

  function begin({ timeStamp }) {
    if (since !== null) return;
    since = timeStamp;
    button.classList.add("pressed");
    down();
  }

  function end({ timeStamp }, isCancelled = false) {
    if (since === null) return;
    const isTap = !isCancelled && timeStamp - since < tap;
    since = null;
    ended = timeStamp;
    button.classList.remove("pressed");
    up(isTap);
  }

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    begin(event);
  });
  button.addEventListener("pointerup", (event) => end(event));
  button.addEventListener("pointercancel", (event) => end(event, true));
  // A permission prompt or another window may swallow the release.
  addEventListener("blur", (event) => end(event, true));

  const isKey = (event) => event.key === " " || event.key === "Enter";
  button.addEventListener("keydown", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    if (!event.repeat) begin(event);
  });
  button.addEventListener("keyup", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    end(event);
  });
  button.addEventListener("click", (event) => {
    if (event.timeStamp - ended < tap) return;
    begin(event);
    end(event);
  });
  // A long touch would open a menu.
  button.addEventListener("contextmenu", (event) => event.preventDefault());
}
