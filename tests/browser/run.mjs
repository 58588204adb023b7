// SPDX-License-Identifier: MIT

// Runs every *.test.mjs beside it, one file after the other: `node run.mjs [part of a file's name]…`
//
// VOICECAST_BINARY is the server's binary. Exit status: 0 all passed, 1 not, 77 skipped for want of a tool.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const skipped = 77;

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(skipped);
}

const harness = await import("./harness/browser.mjs").catch((error) => {
  if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
  skip("playwright-core is missing: npm ci --prefix tests/browser");
});
if (!(await harness.isInstalled())) skip(`${harness.executable} is missing: apt-get install chromium`);
if (!process.env.VOICECAST_BINARY) {
  console.error("VOICECAST_BINARY must be the path of the server's binary");
  process.exit(1);
}

const folder = fileURLToPath(new URL(".", import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".test.mjs") && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .sort()
  .map((name) => join(folder, name));

const counts = { passed: 0, failed: 0, skipped: 0 };
// One at a time: the tests measure sound, and browsers are hungry.
const tests = run({ files, concurrency: 1 });
// A file is reported as a test by some versions of Node.
const isTest = (event) => !files.includes(event.name);
tests.on("test:pass", (event) => isTest(event) && (counts[event.skip ? "skipped" : "passed"] += 1));
tests.on("test:fail", (event) => (counts.failed += 1));
tests.compose(new spec()).pipe(process.stdout);
tests.on("end", () => {
  process.on("exit", () => console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`));
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});
