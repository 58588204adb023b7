/** Shorter is a tap, longer is a hold. */
const tap = 350;

/**
 * Tells holding from tapping, alike for finger, mouse and keyboard: `down` at once, then `up(isTap)`. A click that comes
 * without a press (a screen reader's, a switch's) is a tap.
 */
export function onPress(button, { down, up }) {
  let since = null;
  let ended = 0;

  function begin() {
    if (since !== null) return;
    since = performance.now();
    button.classList.add("pressed");
    down();
  }

  function end(isCancelled = false) {
    if (since === null) return;
    const isTap = !isCancelled && performance.now() - since < tap;
    since = null;
    ended = performance.now();
    button.classList.remove("pressed");
    up(isTap);
  }

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    begin();
  });
  button.addEventListener("pointerup", () => end());
  button.addEventListener("pointercancel", () => end(true));
  // A permission prompt or another window may swallow the release.
  addEventListener("blur", () => end(true));

  const isKey = (event) => event.key === " " || event.key === "Enter";
  button.addEventListener("keydown", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    if (!event.repeat) begin();
  });
  button.addEventListener("keyup", (event) => {
    if (!isKey(event)) return;
    event.preventDefault();
    end();
  });
  button.addEventListener("click", () => {
    if (performance.now() - ended < tap) return;
    begin();
    end();
  });
  // A long touch would open a menu.
  button.addEventListener("contextmenu", (event) => event.preventDefault());
}
