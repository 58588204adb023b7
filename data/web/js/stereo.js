// SPDX-License-Identifier: MIT

/** Whether the voice of this description is stereo: "stereo=1" or "sprop-stereo=1" (RFC 7587 §6.1). */
const isStereo = (sdp) => /^a=fmtp:\d+ .*\bstereo=1\b/m.test(sdp);

/**
 * `sdp` of this side, which asks for Opus in stereo where the other side's `remote` has it: Chromium decodes mono unless
 * its own description says otherwise, and has no other switch for that.
 */
export function askForStereo(sdp, remote) {
  const payloadType = sdp.match(/^a=rtpmap:(\d+) opus\/48000\/2\b/im)?.[1];
  if (!payloadType || !isStereo(remote)) return sdp;
  const parameters = new RegExp(`^(a=fmtp:${payloadType} )(.*)$`, "m");
  const [, , text] = sdp.match(parameters) ?? [];
  if (text === undefined) return sdp.replace(/^a=rtpmap:\d+ opus\/48000\/2\b.*$/im, `$&\r\na=fmtp:${payloadType} stereo=1`);
  const others = text.trim().split(/\s*;\s*/).filter((parameter) => parameter && !parameter.startsWith("stereo="));
  return sdp.replace(parameters, (line, head) => head + [...others, "stereo=1"].join(";") + (line.endsWith("\r") ? "\r" : ""));
}
