// SPDX-License-Identifier: MIT
import { address } from "./token.js";

/** What the server tells of itself, where it is new enough to tell; every part may be missing. */

async function readJson(path) {
  try {
    const answer = await fetch(address(path), { cache: "no-store", headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

export const readMetrics = () => readJson("metrics");
export const readStreamStatus = () => readJson("stream/status");

const isThisMachine = (host) => /^(localhost|127\.|\[::1\])/.test(host);

const pageUrl = () => new URL(".", location.href).href;

/**
 * { version, isDirect, secureUrl, sharedUrl }: whether the page came from the server itself and not by a proxy; where this
 * page is found over HTTPS; and where other devices find it. An address is null where none is known.
 */
export async function readFacts() {
  const info = (await readJson("info")) ?? {};
  const isDirect = info.direct_url === pageUrl();
  const secureUrl = findSecureUrl(info, isDirect);
  return { version: info.version ?? null, isDirect, secureUrl, sharedUrl: findSharedUrl(info, isDirect, secureUrl) };
}

/** "localhost" on a telephone would be the telephone. Null: no other device gets here. */
const sharedName = ({ host }) => (isThisMachine(location.hostname) ? (host ?? null) : location.hostname);

function findSecureUrl(info, isDirect) {
  // Whatever proxy brought the page over HTTPS will do so again.
  if (location.protocol === "https:" && !isThisMachine(location.hostname)) return pageUrl();
  // Which port leads to the server's HTTPS is known only where nothing lies between.
  const name = sharedName(info);
  return isDirect && info.tls_port && name ? `https://${name}:${info.tls_port}/` : null;
}

function findSharedUrl(info, isDirect, secureUrl) {
  if (secureUrl) return secureUrl;
  if (!isThisMachine(location.hostname)) return pageUrl();
  return isDirect && info.host ? `http://${info.host}:${location.port || 80}/` : null;
}

export async function hasCertificate() {
  try {
    return (await fetch("ca.crt", { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
