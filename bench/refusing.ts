/**
 * What refusing costs, and how much of it there is in a second: messages that anybody can make, as
 * long as a usual one, beside a usual one that is accepted. Processor time, rounds interleaved,
 * every message a fresh one; prints a table in Markdown.
 *
 *     node --import tsx bench/refusing.ts [--rounds 9] [--calls 60]
 */
import { randomBytes } from "node:crypto";
import { loadavg } from "node:os";
import process from "node:process";
import { parseArgs } from "node:util";
import { makeSigningIdp } from "../src/testing/signing-idp.ts";
import { CONTESTANTS, type Contestant } from "./support/contestants.ts";
import { idp, usual } from "./support/parties.ts";
import { median, rotated, spread } from "./support/statistics.ts";
import { table } from "./support/table.ts";

type Form = Readonly<Record<string, unknown>>;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    calls: { type: "string", default: "60" },
  },
});
const [rounds, calls] = [Number(values.rounds), Number(values.calls)];

const accepted = (): Form => ({ ...idp.form(usual) });
const octets = Buffer.from(String(accepted()["SAMLResponse"]), "base64").length;
const stranger = makeSigningIdp({ entityId: idp.entityId });

const GARBAGE: Readonly<Record<string, () => Form>> = {
  "random bytes": () => ({ SAMLResponse: randomBytes(octets).toString("latin1") }),
  "base64 of random bytes": () => ({ SAMLResponse: randomBytes(octets).toString("base64") }),
  "a response that is not signed": () => ({ ...idp.form({ ...usual, sign: "none" }) }),
  "somebody else's signature": () => ({ ...stranger.form(usual) }),
  "a good signature over something else": () => {
    const xml = Buffer.from(String(accepted()["SAMLResponse"]), "base64").toString();
    const other = xml.replaceAll("ada@customer.example", "eve@customer.example");
    return { SAMLResponse: Buffer.from(other).toString("base64") };
  },
};
const STRENGTHS = ["verify", "read", "off"] as const;
const cases = [
  ...STRENGTHS.map((strength) => ({
    name: `accepted (${strength})`,
    form: accepted,
    contestant: `ours (${strength})`,
    isAccepted: true,
  })),
  ...Object.entries(GARBAGE).map(([name, form]) => ({
    name,
    form,
    contestant: "ours (read)",
    isAccepted: false,
  })),
].map(({ contestant, ...one }) => {
  const factory = CONTESTANTS[contestant];
  if (factory === undefined) throw new Error("no such contestant");
  const costs: number[] = [];
  return { ...one, validate: factory([idp.certificate]), costs };
});

// The first rounds warm up.
const WARM_UP = 3;
for (let round = 0; round < rounds + WARM_UP; round += 1) {
  for (const { name, form, validate, isAccepted, costs } of rotated(cases, round)) {
    const forms = Array.from({ length: calls }, form);
    const { milliseconds, count } = await measured(validate, forms);
    if (count !== (isAccepted ? calls : 0)) throw new Error(`not so: ${name}`);
    if (round >= WARM_UP) costs.push(milliseconds);
  }
}

const accepting = cases.slice(0, STRENGTHS.length).map(({ costs }) => median(costs));
process.stdout.write(
  table(
    ["message", "ms", "a second", ...STRENGTHS.map((strength) => `of accepting (${strength})`)],
    cases.map(({ name, costs }) => [
      name,
      spread(costs, 3),
      Math.round(1000 / median(costs)),
      ...accepting.map((one) => (median(costs) / one).toFixed(2)),
    ]),
  ),
);
const load = loadavg().map((one) => one.toFixed(1));
process.stdout.write(`\n${octets} octets a message; load ${load.join(", ")}.\n`);

/** Milliseconds of processor time a message, and how many were accepted. */
async function measured(
  validate: Contestant,
  forms: readonly Form[],
): Promise<{ readonly milliseconds: number; readonly count: number }> {
  let count = 0;
  const started = process.cpuUsage();
  for (const form of forms) if (await validate(form)) count += 1;
  const { user, system } = process.cpuUsage(started);
  return { milliseconds: (user + system) / 1000 / forms.length, count };
}
