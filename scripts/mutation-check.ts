/**
 * Takes away one rule of the gate at a time and runs the attack suite against what is left: some
 * attack must then end otherwise. Writes docs/GATE-MUTATIONS.md; fails when a rule is not missed.
 *
 *     node --import tsx scripts/mutation-check.ts
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { IdentityPort } from "../src/ports/identity-port.ts";
import { ATTACKS } from "../test/attacks/attacks.ts";
import type { AcsRequest, Attack } from "../test/attacks/support/attack.ts";
import { outcomeAtPort, PENDING, portOf, type Sendable } from "../test/attacks/support/port.ts";
import { type Rule, rulesOf } from "./mutation-check-rules.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const ADAPTER = "adapters/saml2-js";
const WORK = join(ROOT, ".cache", "mutants");
const ANSWER_WITHIN_MS = 3000;
/** The sources as they are when the check begins: somebody may be editing them. */
const SNAPSHOT = join(WORK, "snapshot");
const REPORT = join(ROOT, "docs", "GATE-MUTATIONS.md");
const READ_TWICE =
  "the strict subset leaves no difference between the octets and their canonical form";
const NEXT_DIFFERENTIAL =
  "no document is known that passes the rules before it and that the parsers read differently";
/** Rules whose absence no attack can show, each with the reason. */
const REDUNDANT: ReadonlyMap<string, string> = new Map([
  [
    "decrypt.ts decrypted: the assertion is encrypted, and this platform has no key",
    "without any key nothing is decrypted; this one tells the administrator why",
  ],
  [
    "decrypt.ts requireRuntimeSupport: this runtime does not decrypt key transport …: choose RSA-OAEP at the identity provider",
    "such a runtime fails to decrypt anyway; this one tells the administrator why",
  ],
  ["same-tree.ts requireSameTree: the two parsers see different documents", NEXT_DIFFERENTIAL],
  ["same-tree.ts parsedByXmlDom: saml2-js's parser objects to the document", NEXT_DIFFERENTIAL],
  [
    "decrypt.ts opened: length of the content key",
    "the cipher refuses such a key itself; this one does not leave it to the runtime",
  ],
  [
    "message-bytes.ts base64Octets: the message is too large",
    "stands twice, before decoding and after it; the second is missed",
  ],
  ["signed-response.ts signedResponse: what is read comes from verified octets", READ_TWICE],
  ["signed-response.ts signedAssertion: what is read comes from verified octets", READ_TWICE],
]);

/** An attack whose request is made once for all mutants. */
interface Prepared extends Sendable {
  readonly attack: Attack;
}

interface Verdict {
  readonly rule: Rule;
  /** The attack that shows the absence, and what came of it. */
  readonly caughtBy?: { readonly attack: string; readonly outcome: string };
}

async function main(): Promise<void> {
  rmSync(WORK, { recursive: true, force: true });
  for (const part of ["domain", "ports", "application", ADAPTER]) {
    cpSync(join(ROOT, "src", part), join(SNAPSHOT, part), { recursive: true });
  }
  const attacks = prepared();
  const whole = await loaded("whole");
  const sound = await failing(whole, attacks);
  if (sound !== undefined) {
    throw new Error(`the suite fails as it is: ${sound.attack} ended ${sound.outcome}`);
  }
  const verdicts: Verdict[] = [];
  for (const [index, rule] of rulesOf(join(SNAPSHOT, ADAPTER)).entries()) {
    const caughtBy = await failing(await loaded(`m${index}`, rule), sorted(attacks, rule));
    verdicts.push({ rule, ...(caughtBy === undefined ? {} : { caughtBy }) });
    process.stdout.write(caughtBy === undefined ? `\nnot missed: ${title(rule)}\n` : ".");
  }
  rmSync(WORK, { recursive: true, force: true });
  writeFileSync(REPORT, report(verdicts));
  const missed = verdicts.filter(
    ({ rule, caughtBy }) => caughtBy === undefined && !REDUNDANT.has(title(rule)),
  );
  process.stdout.write(`\n${verdicts.length} rules, ${missed.length} of them not missed\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
}

function prepared(): readonly Prepared[] {
  return ATTACKS.filter(
    ({ beyondThePort, expected }) =>
      beyondThePort !== true && expected.some((code) => code !== "http"),
  ).map((attack) => {
    const request: AcsRequest = attack.request(
      attack.solicited === true ? { requestId: PENDING } : {},
    );
    return { ...attack, attack, request: () => request };
  });
}

/** A copy of the sources with `rule` taken away, loaded. */
async function loaded(name: string, rule?: Rule): Promise<IdentityPort> {
  const copy = join(WORK, name, "src");
  cpSync(SNAPSHOT, copy, { recursive: true });
  if (rule !== undefined) {
    const file = join(copy, ADAPTER, rule.file);
    const source = readFileSync(file, "utf8");
    const rest = source.slice(rule.at + rule.length);
    writeFileSync(file, source.slice(0, rule.at) + rule.replacement + rest);
  }
  const entry = pathToFileURL(join(copy, ADAPTER, "saml2-js-identity.ts")).href;
  return portOf((await import(entry)).makeSaml2JsIdentity);
}

/** The first attack that does not end as it must. */
async function failing(
  port: IdentityPort,
  attacks: readonly Prepared[],
): Promise<Verdict["caughtBy"]> {
  for (const prepared of attacks) {
    const outcome = await answered(outcomeAtPort(port, prepared));
    const { expected, name } = prepared.attack;
    if (!expected.some((code) => code === outcome)) return { attack: name, outcome };
  }
  return undefined;
}

/** The outcome, also of a rule's absence that makes the port throw, or never answer. */
async function answered(outcome: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("no answer"), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([outcome, silence]);
  } catch (error) {
    return `an error: ${error instanceof Error ? error.name : "unknown"}`;
  } finally {
    clearTimeout(timer);
  }
}

/** Attacks that the rule itself may stop come first. */
function sorted(attacks: readonly Prepared[], { code }: Rule): readonly Prepared[] {
  const near = ({ attack }: Prepared): boolean => attack.expected.some((known) => known === code);
  return [...attacks.filter(near), ...attacks.filter((one) => !near(one))];
}

function title({ file, name }: Rule): string {
  return `${file} ${name}`;
}

function report(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ rule, caughtBy }) => {
    const shown =
      caughtBy === undefined
        ? `not missed: ${REDUNDANT.get(title(rule)) ?? "**no attack shows it**"}`
        : `${caughtBy.attack} → \`${caughtBy.outcome}\``;
    return `| ${rule.file} | ${cell(rule.name)} | ${cell(shown)} |`;
  });
  return [
    "# What each rule of the gate is good for",
    "",
    "Written by `scripts/mutation-check.ts`: each rule of `src/adapters/saml2-js` was taken away, alone,",
    "and the attack suite was run against what was left. The last column names the first attack that",
    "then ended otherwise than it must, and how. Do not edit.",
    "",
    "| file | rule | its absence shows in |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

await main();
