/**
 * Fuzzes for as long as is asked; prints what it found and fails when that is anything.
 *
 *     node --import tsx test/fuzz/long.ts --seconds 600 --seed 1
 */
import { parseArgs } from "node:util";
import { makeSaml2JsIdentity } from "../../src/adapters/saml2-js/identity.ts";
import { makeIdentity } from "../adapters/saml2-js/support/parties.ts";
import { portOf } from "../attacks/support/port.ts";
import { fuzz } from "./fuzz.ts";
import { fuzzHonest } from "./honest.ts";
import { fuzzLogout } from "./logout.ts";
import { fuzzOaep } from "./oaep.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const wanted = Number(values.seconds) * 1000;
let end: number | undefined;
const { runs, outcomes, slowestMs, findings } = await fuzz({
  port: portOf(makeSaml2JsIdentity),
  seed,
  goOn: () => {
    // The valid responses are made before the first call: that is not part of the time.
    end ??= performance.now() + wanted;
    return performance.now() < end;
  },
  timeBoundMs: 500,
});
for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
for (const [outcome, times] of [...outcomes].sort(([, a], [, b]) => b - a)) {
  process.stdout.write(`${String(times).padStart(9)} ${outcome}\n`);
}
process.stdout.write(
  `${runs} responses from seed ${seed}, the slowest ${Math.round(slowestMs)} ms, ${findings.length} findings\n`,
);
// The decoder of RSA-OAEP has a twentieth of the time besides.
const oaepEnd = performance.now() + wanted / 20;
const oaep = fuzzOaep(seed, () => performance.now() < oaepEnd);
for (const finding of oaep.findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
process.stdout.write(`${oaep.runs} OAEP encodings, ${oaep.findings.length} findings\n`);
// Logout messages, encrypted or not, have a fifth.
const logoutEnd = performance.now() + wanted / 5;
const logout = await fuzzLogout(
  makeIdentity().identity,
  seed,
  () => performance.now() < logoutEnd,
  500,
);
for (const finding of logout.findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
process.stdout.write(
  `${logout.runs} logout messages, ${logout.taken} taken, ${logout.findings.length} findings\n`,
);
// Honest responses have a tenth.
const honestEnd = performance.now() + wanted / 10;
const honest = await fuzzHonest(
  portOf(makeSaml2JsIdentity),
  seed,
  () => performance.now() < honestEnd,
);
for (const finding of honest.findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
process.stdout.write(`${honest.runs} honest responses, ${honest.findings.length} findings\n`);
const found =
  findings.length + oaep.findings.length + logout.findings.length + honest.findings.length;
process.exitCode = found === 0 ? 0 : 1;
