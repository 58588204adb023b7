// SPDX-License-Identifier: MIT

/** Getting at a microphone, and saying in plain words why there is none. */

export class MicrophoneError extends Error {
  /** `kind`: "insecure", "refused", "absent", "busy" or "other". */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

const kinds = {
  NotAllowedError: ["refused", "This page may not use the microphone. Allow it in the browser, beside the address, then press Talk again."],
  SecurityError: ["refused", "The browser’s settings forbid the microphone for this page."],
  NotFoundError: ["absent", "No microphone was found. Plug one in, or switch it on, then press Talk again."],
  NotReadableError: ["busy", "The microphone does not open. Another program may be using it; close that, then press Talk again."],
};

function explain(error) {
  const [kind, words] = kinds[error.name] ?? ["other", `The microphone does not open: ${error.message || error.name}`];
  return new MicrophoneError(kind, words);
}

/** Browsers give a microphone to pages that came over HTTPS or from this very machine, and hide it from all others. */
export const isPossible = () => isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);

/** Opens a microphone. `settings`: { deviceId, echoCancellation, noiseSuppression, autoGainControl }. */
export async function openMicrophone({ deviceId, ...processing }) {
  if (!isPossible()) throw new MicrophoneError("insecure", "Browsers give the microphone only to pages that came over HTTPS.");
  const get = (audio) => navigator.mediaDevices.getUserMedia({ audio });
  try {
    return await get({ ...processing, ...(deviceId && { deviceId: { exact: deviceId } }) });
  } catch (error) {
    const isGone = deviceId && (error.name === "OverconstrainedError" || error.name === "NotFoundError");
    if (!isGone) throw explain(error);
  }
  // The chosen one was unplugged since: better any than none.
  return get(processing).catch((error) => {
    throw explain(error);
  });
}

/** The microphones as [{ id, label }]; browsers tell their names only to pages that were given one. */
export async function listMicrophones() {
  if (!isPossible()) return [];
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter((device) => device.kind === "audioinput" && device.deviceId && device.deviceId !== "default")
    .map((device) => ({ id: device.deviceId, label: device.label }))
    .filter((device) => device.label);
}

export function onMicrophonesChanged(callback) {
  navigator.mediaDevices?.addEventListener?.("devicechange", callback);
}
