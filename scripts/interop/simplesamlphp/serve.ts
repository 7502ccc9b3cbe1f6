/**
 * SimpleSAMLphp as an identity provider, on PHP's own web server at a port of this computer:
 *
 *     tsx scripts/interop/simplesamlphp/serve.ts PORT FOLDER
 *
 * FOLDER holds settings.json (see settings.php) and the keys; all state goes in there. Prints
 * `ready` when it answers. Ends when its standard input does, so that it cannot outlive a test run.
 */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { installPhp } from "./php.ts";
import { unpackedSimpleSamlPhp } from "./unpack.ts";

const [port, folder] = process.argv.slice(2);
if (port === undefined || folder === undefined) throw new Error("usage: serve.ts PORT FOLDER");

installPhp();
const here = dirname(fileURLToPath(import.meta.url));
const application = unpackedSimpleSamlPhp(resolve(here, "../../../.cache"));
for (const name of ["log", "data", "tmp"]) mkdirSync(join(folder, name), { recursive: true });

const php = spawn(
  "php",
  [
    ...["display_errors=0", "log_errors=0", `session.save_path=${resolve(folder, "tmp")}`].flatMap(
      (setting) => ["-d", setting],
    ),
    "-S",
    `127.0.0.1:${port}`,
    "-t",
    join(application, "www"),
  ],
  {
    stdio: "ignore",
    env: {
      ...process.env,
      SIMPLESAMLPHP_CONFIG_DIR: join(here, "config"),
      INTEROP_IDP_SETTINGS: resolve(folder, "settings.json"),
    },
  },
);
const ended = new Promise((done) => php.once("exit", done));
process.stdin.resume().once("end", () => php.kill());
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => php.kill());

await untilItAnswers(`http://127.0.0.1:${port}/saml2/idp/metadata.php`);
process.stdout.write("ready\n");
await ended;
process.exit();

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (php.exitCode !== null) throw new Error("PHP's web server ended");
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await wait(50);
  }
  php.kill();
  throw new Error("SimpleSAMLphp does not answer");
}
