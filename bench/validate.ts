/**
 * What validating one response costs: ours, in each strength of the second reading, next to
 * other libraries, as ratios of plain saml2-js. Rounds are interleaved, and processor time is
 * counted, not the clock's; prints a table in Markdown.
 *
 *     node --import tsx bench/validate.ts [--rounds 7] [--calls 40] [--match PATTERN]
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { makeTestKey } from "../src/testing/signing-idp/certificate.ts";
import type { ResponseOptions } from "../src/testing/signing-idp.ts";
import { CONTESTANTS, type Contestant } from "./support/contestants.ts";
import { floor } from "./support/floor.ts";
import { idp, spKey, usual } from "./support/parties.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    calls: { type: "string", default: "40" },
    match: { type: "string", default: "" },
  },
});
const ROUNDS = Number(values.rounds);
const CALLS = Number(values.calls);
const MATCH = new RegExp(values.match);
const BASE = "saml2-js";
/** With fewer, what is compiled last costs most: ours, which is more code. */
const WARM_UP_CALLS = 150;

interface Case {
  readonly name: string;
  readonly response: Partial<ResponseOptions>;
  readonly certificates: readonly string[];
}

const right = [idp.certificate];
const many = Array.from(
  { length: 500 },
  (_, index) => `CN=group-${index},OU=groups,DC=customer,DC=example`,
);
const CASES: readonly Case[] = [
  { name: "signed assertion", response: {}, certificates: right },
  { name: "signed response", response: { sign: "response" }, certificates: right },
  { name: "both signed", response: { sign: "both" }, certificates: right },
  {
    name: "encrypted, assertion signed",
    response: { encryptTo: spKey.certificate },
    certificates: right,
  },
  { name: "500 group values", response: { attributes: { groups: many } }, certificates: right },
  {
    name: "right certificate second of two",
    response: {},
    certificates: [makeTestKey().certificate, idp.certificate],
  },
];

const contestants = { ...CONTESTANTS, floor };
const names = Object.keys(contestants);
process.stdout.write(
  `| case | ${names.join(" | ")} | saml2-js, ms |\n| --- |${" ---: |".repeat(names.length + 1)}\n`,
);
for (const { name, response, certificates } of CASES) {
  if (!MATCH.test(name)) continue;
  const validators = Object.entries(contestants).map(([contestant, factory]) => ({
    contestant,
    validate: factory(certificates),
  }));
  const ratios = new Map<string, number[]>(names.map((one) => [one, []]));
  const absolute: number[] = [];
  const warmingUp = Array.from({ length: WARM_UP_CALLS }, () => ({
    ...idp.form({ ...usual, ...response }),
  }));
  for (const { validate } of validators) await cost(validate, warmingUp);
  // The first round warms up too.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const forms = Array.from({ length: CALLS + 1 }, () => ({
      ...idp.form({ ...usual, ...response }),
    }));
    const costs = new Map<string, number | undefined>();
    for (const { contestant, validate } of rotated(validators, round)) {
      costs.set(contestant, await cost(validate, forms));
    }
    if (round === 0) continue;
    const base = costs.get(BASE) ?? Number.NaN;
    absolute.push(base);
    for (const [contestant, one] of costs) {
      if (one !== undefined) ratios.get(contestant)?.push(one / base);
    }
  }
  const cells = names.map((one) => spread(ratios.get(one) ?? []));
  process.stdout.write(`| ${name} | ${cells.join(" | ")} | ${median(absolute).toFixed(1)} |\n`);
}

/** Milliseconds of processor time a response, each a fresh one; `undefined` when none is accepted. */
async function cost(
  validate: Contestant,
  [first, ...forms]: readonly Readonly<Record<string, unknown>>[],
): Promise<number | undefined> {
  if (first === undefined || !(await validate(first))) return undefined;
  const started = process.cpuUsage();
  for (const form of forms) await validate(form);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000 / forms.length;
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function spread(numbers: readonly number[]): string {
  if (numbers.length === 0) return "refused";
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return `${median(numbers).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
