// SPDX-License-Identifier: MIT

// The real voicecast on free loopback ports.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { within } from "./wait.mjs";

const binary = process.env.VOICECAST_BINARY;

/** How servers send to WebRTC receivers, as `meson test --setup` says; else the default. */
const modes = [
  ...(process.env.TEST_EGRESS ? ["--egress", process.env.TEST_EGRESS] : []),
  ...(process.env.TEST_ICE ? ["--ice", process.env.TEST_ICE] : []),
];

/** Without VOICECAST_*: the server reads its options from such variables and refuses what it does not know. */
function ownEnvironment() {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("VOICECAST_"));
  return { G_DEBUG: "fatal-criticals", ...Object.fromEntries(others) };
}

export class Server {
  /** Starts a server; `port` 0 takes a free one. `tls` is "off" or "auto", `args` come after the tests' own, so they win. */
  static async start({ port = 0, tls = "off", args = [] } = {}) {
    if (!binary) throw new Error("VOICECAST_BINARY must be the path of the server's binary");
    const server = new Server();
    server.stateDir = await mkdtemp(join(tmpdir(), "voicecast-state-"));
    const common = [
      ...["--bind", "127.0.0.1", "--ice-address", "127.0.0.1", "--ice-port", "0", "--state-dir", server.stateDir],
      ...modes,
      ...["--port", port, "--audio-port", 0, "--tls-port", 0, "--tls", tls],
    ];
    server.expected = ["api", "audio", ...(tls === "off" ? [] : ["tls"])];
    server.process = spawn(binary, [...common, ...args].map(String), {
      stdio: ["ignore", "pipe", "pipe"],
      env: ownEnvironment(),
    });
    server.exited = once(server.process, "exit");
    server.process.stderr.setEncoding("utf8").on("data", (text) => (server.log += text));
    await within(server.#readAddresses(), "the server's addresses");
    return server;
  }

  log = "";
  addresses = {};

  async #readAddresses() {
    for await (const line of createInterface({ input: this.process.stdout })) {
      const [, name, address] = line.match(/^listening (\w+) (\S+)$/) ?? [];
      if (name) this.addresses[name] = address;
      if (this.expected.every((each) => this.addresses[each])) return;
    }
    await this.exited;  // its output ended first
    throw new Error(`the server did not start:\n${this.log}`);
  }

  get url() {
    return this.addresses.api + "/";
  }

  get secureUrl() {
    return this.addresses.tls + "/";
  }

  get websocketUrl() {
    return this.url.replace(/^http/, "ws") + "ws";
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  /** An orderly end, as systemd would ask for it. Whatever else than status 0 comes of it is a failure. */
  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill("SIGTERM");
    const [code, signal] = await within(this.exited, "the server's end");
    await rm(this.stateDir, { recursive: true, force: true });
    if (code !== 0 && !this.wasKilled) throw new Error(`the server ended with ${signal ?? code}:\n${this.log}`);
  }

  /** As a power cut would end it: nobody is told. */
  async kill() {
    this.wasKilled = true;
    this.process.kill("SIGKILL");
    await this.exited;
  }
}
