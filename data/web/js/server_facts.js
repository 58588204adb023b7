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

/** { version, secureUrl }: secureUrl is where other devices find this page over HTTPS, or null. */
export async function readFacts() {
  const info = (await readJson("info")) ?? {};
  return { version: info.version ?? null, secureUrl: secureUrl(info) };
}

function secureUrl({ tls_port: port, host }) {
  // Whatever proxy brought the page over HTTPS will do so again.
  if (location.protocol === "https:" && !isThisMachine(location.hostname)) return new URL(".", location.href).href;
  if (!port) return null;
  // "localhost" on a telephone would be the telephone.
  const name = isThisMachine(location.hostname) && host ? host : location.hostname;
  const isBareIpv6 = name.includes(":") && !name.startsWith("[");
  return `https://${isBareIpv6 ? `[${name}]` : name}:${port}/`;
}

export async function hasCertificate() {
  try {
    return (await fetch("ca.crt", { method: "HEAD", cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
