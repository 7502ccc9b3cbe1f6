/**
 * Takes away one rule of the gate at a time and runs the attack suite against what is left: some
 * attack must then end otherwise. Fails when a rule is not missed, or when REPORT.md beside this
 * script lists another number of rules: one that appears or disappears shows in its diff.
 *
 *     npm run check:gate              writes .cache/gate/REPORT.md and compares
 *     npm run check:gate -- --write   writes scripts/gate/REPORT.md
 *     npm run check:gate:deno         the same on Deno, whose keys and ciphers are its own
 *     npm run check:gate -- --strengths
 *         compares the strengths of the second reading, and writes scripts/gate/STRENGTHS.md
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { context } from "esbuild";
import type { SecondReadingStrength } from "../../src/adapters/saml2-js/second-reading/second-reading.ts";
import type { IdentityPort } from "../../src/ports/identity-port.ts";
import { ATTACKS } from "../../test/attacks/attacks.ts";
import type { AcsRequest, Attack } from "../../test/attacks/support/attack.ts";
import { outcomeAtPort, PENDING, portOf, type Sendable } from "../../test/attacks/support/port.ts";
import { findRules, type Rule, titleOf } from "./rules.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const ADAPTER = "adapters/saml2-js";
/** The adapter's factory of the identity port. */
const ENTRY = /^export function makeSaml2JsIdentity\b/m;
/** Files, or folders, that a response does not go through. */
const OUT_OF_SCOPE =
  /(?:^|[/-])(?:logout|metadata|redirect-binding|login-request|service-provider-keys|sp-keys)\b/;
const WORK = join(ROOT, ".cache", "gate");
const ANSWER_WITHIN_MS = 3000;
/** The sources as they are when the check begins: somebody may be editing them. */
const SNAPSHOT = join(WORK, "src");
const REPORT = join(ROOT, "scripts", "gate", "REPORT.md");
const STRENGTHS = join(ROOT, "scripts", "gate", "STRENGTHS.md");
const FRESH_REPORT = join(WORK, "REPORT.md");
const READ_TWICE =
  "the strict subset leaves no difference between the octets and their canonical form";
const NEXT_DIFFERENTIAL =
  "no document is known that passes the rules before it and that the parsers read differently";
const ON_DENO = [
  [
    "the key of a certificate is strong",
    "Deno itself refuses such a key: public exponent too small",
  ],
] as const;
/** Rules whose absence no attack can show, by name, each with the reason. */
const REDUNDANT: ReadonlyMap<string, string> = new Map([
  [
    "the assertion is encrypted, but this service has no decryption key",
    "without any key nothing is decrypted; this one tells the administrator why",
  ],
  [
    "this runtime does not support key transport …: select RSA-OAEP at the identity provider",
    "such a runtime fails to decrypt anyway; this one tells the administrator why",
  ],
  ["the two parsers see different documents", NEXT_DIFFERENTIAL],
  ["the parser of saml2-js reports an error in the document", NEXT_DIFFERENTIAL],
  [
    "the signature does not verify a second time",
    "our own verification, which comes first, refuses the same; scripts/gate/STRENGTHS.md shows what it catches when a rule of that one is absent",
  ],
  [
    "length of the content key",
    "the cipher refuses such a key itself; this one does not leave it to the runtime",
  ],
  [
    "the EncryptedKey is neither in the KeyInfo of the data nor beside the data",
    "the shape of the response has no other place for one; this one names the two places",
  ],
  [
    "the Subject has no NameID",
    "of logout requests; a response may name its subject by an attribute alone",
  ],
  [
    "the encrypted assertion cannot be decrypted",
    "what a failed decryption leaves is no signed assertion; this one says so at the end, after the same work as a success",
  ],
  [
    "the form with the message is too large and was not read",
    "a form that was not read has no message either; this one tells the administrator why",
  ],
  ["the message is too large", "stands twice, before decoding and after it; the second is missed"],
  ["the response that is read comes from verified octets", READ_TWICE],
  ["the assertion that is read comes from verified octets", READ_TWICE],
  ...("Deno" in globalThis ? ON_DENO : []),
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

/** Makes the identity port of a bundle, in a strength. */
type PortOf = (strength?: SecondReadingStrength) => IdentityPort;

/** How many attacks are accepted without a rule. */
interface Accepted {
  readonly rule: Rule;
  readonly counts: Readonly<Record<SecondReadingStrength, number>>;
}

async function main(options: readonly string[]): Promise<void> {
  const withStrengths = options.includes("--strengths");
  rmSync(WORK, { recursive: true, force: true });
  cpSync(join(ROOT, "src"), SNAPSHOT, { recursive: true });
  const folder = join(SNAPSHOT, ADAPTER);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort();
  const rules = findRules(
    folder,
    files.filter((file) => !OUT_OF_SCOPE.test(file)),
  );
  const loader = await makeLoader(folder, files);
  const attacks = prepared();
  const sound = await failing((await loader.load("whole"))(), attacks);
  if (sound !== undefined) {
    throw new Error(`the suite fails as it is: ${sound.attack} ended ${sound.outcome}`);
  }
  const always = await acceptedIn(await loader.load("all"), withStrengths ? attacks : []);
  // Without a rule, saml2-js may throw where nobody can catch it. That accepts nothing, either.
  if (withStrengths) process.on("uncaughtException", () => undefined);
  const verdicts: Verdict[] = [];
  const accepted: Accepted[] = [];
  for (const [index, rule] of rules.entries()) {
    const portOf = await loader.load(`m${index}`, rule);
    if (withStrengths) {
      accepted.push({ rule, counts: countsOf(await acceptedIn(portOf, attacks), always) });
      process.stdout.write(".");
      continue;
    }
    const caughtBy = await failing(portOf(), sorted(attacks, rule));
    verdicts.push({ rule, ...(caughtBy === undefined ? {} : { caughtBy }) });
    process.stdout.write(caughtBy === undefined ? `\nnot missed: ${titleOf(rule)}\n` : ".");
  }
  await loader.end();
  rmSync(WORK, { recursive: true, force: true });
  if (withStrengths) {
    writeFileSync(STRENGTHS, strengthsReport(accepted));
    return;
  }
  mkdirSync(WORK, { recursive: true });
  writeFileSync(options.includes("--write") ? REPORT : FRESH_REPORT, report(verdicts));
  const excused = new Set<string>();
  const unproven = verdicts.filter(({ rule: { name }, caughtBy }) => {
    if (caughtBy !== undefined) return false;
    // Each reason excuses one rule, and no second one with the same words.
    const excuse = REDUNDANT.has(name) && !excused.has(name);
    excused.add(name);
    return !excuse;
  });
  process.stdout.write(`\n${verdicts.length} rules, ${unproven.length} of them not missed\n`);
  const agrees = compareWithReport(verdicts);
  process.exitCode = unproven.length === 0 && agrees ? 0 : 1;
}

/** Prints how the rules differ by name from those of the report; false when their number does. */
function compareWithReport(verdicts: readonly Verdict[]): boolean {
  const text = existsSync(REPORT) ? readFileSync(REPORT, "utf8") : "";
  const listed = [...text.matchAll(/^\| [^|]+ \| [^|]+ \| ((?:\\\||[^|])*) \|/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "rule" && name !== "---");
  const found = verdicts.map(({ rule }) => cell(rule.name));
  const added = without(found, listed);
  const removed = without(listed, found);
  if (added.length + removed.length === 0) return true;
  process.stdout.write(
    `\nscripts/gate/REPORT.md lists other rules than the sources have.\n${[
      ...added.map((name) => `  + ${name}`),
      ...removed.map((name) => `  - ${name}`),
    ].join("\n")}\nRun \`npm run check:gate -- --write\` and commit the report.\n`,
  );
  // As many of both: rules with new words, which were all checked just now.
  return added.length === removed.length;
}

/** The members of `list` that are not in `other`; each of `other` counts once. */
function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const rest = [...other];
  return list.filter((one) => {
    const at = rest.indexOf(one);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
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

/** Bundles the adapter, each time with another rule taken away, and loads the bundle. */
async function makeLoader(folder: string, files: readonly string[]) {
  const sources = files.map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
  const [entry, ...others] = sources.filter(({ text }) => ENTRY.test(text));
  if (entry === undefined || others.length > 0) {
    throw new Error(`ENTRY in scripts/gate/check.ts: no single file of ${ADAPTER} fits ${ENTRY}`);
  }
  let absent: Rule | undefined;
  const bundler = await context({
    entryPoints: [join(folder, entry.file)],
    outfile: join(WORK, "bundle.mjs"),
    write: false,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
    plugins: [
      {
        name: "rule-taken-away",
        setup: (build) => {
          build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const source = readFileSync(path, "utf8");
            if (absent === undefined || path !== join(folder, absent.file)) {
              return { contents: source, loader: "ts" };
            }
            const { at, length, replacement } = absent;
            const contents = source.slice(0, at) + replacement + source.slice(at + length);
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  return {
    load: async (name: string, rule?: Rule): Promise<PortOf> => {
      absent = rule;
      const { outputFiles } = await bundler.rebuild();
      const file = join(WORK, `${name}.mjs`);
      writeFileSync(file, outputFiles[0]?.text ?? "");
      const { makeSaml2JsIdentity } = await import(pathToFileURL(file).href);
      return (strength) => portOf(makeSaml2JsIdentity, strength);
    },
    end: () => bundler.dispose(),
  };
}

/** Which attacks are accepted in each strength. A second reading only refuses. */
async function acceptedIn(
  portOf: PortOf,
  attacks: readonly Prepared[],
): Promise<Readonly<Record<SecondReadingStrength, readonly Prepared[]>>> {
  const verifiedBy = async (strength: SecondReadingStrength, among: readonly Prepared[]) => {
    const port = portOf(strength);
    const verified: Prepared[] = [];
    for (const prepared of among) {
      if ((await answered(outcomeAtPort(port, prepared))) === "verified") verified.push(prepared);
    }
    return verified;
  };
  const off = await verifiedBy("off", attacks);
  const read = await verifiedBy("read", off);
  const verify = await verifiedBy("verify", off);
  return { off, read, verify };
}

type AcceptedIn = Awaited<ReturnType<typeof acceptedIn>>;

/** How many more than with every rule in place: what only saml2-js is misled by, `off` accepts. */
function countsOf(accepted: AcceptedIn, always: AcceptedIn): Accepted["counts"] {
  const more = (strength: SecondReadingStrength) =>
    accepted[strength].filter((attack) => !always[strength].includes(attack)).length;
  return { off: more("off"), read: more("read"), verify: more("verify") };
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

function report(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ rule, caughtBy }) => {
    const shown =
      caughtBy === undefined
        ? `not missed: ${REDUNDANT.get(rule.name) ?? "**no attack shows it**"}`
        : `${caughtBy.attack} → \`${caughtBy.outcome}\``;
    return `| ${basename(rule.file)} | ${rule.where} | ${cell(rule.name)} | ${cell(shown)} |`;
  });
  return [
    "# What each rule of the gate is good for",
    "",
    "Written by `npm run check:gate -- --write`: each rule of `src/adapters/saml2-js` was taken away,",
    "alone, and the attack suite was run against what was left. The last column names the first attack",
    "that then ended differently, and how. Do not edit.",
    "",
    "| file | function or list | rule | its absence shows in |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function strengthsReport(all: readonly Accepted[]): string {
  const shown = all.filter(({ counts }) => Object.values(counts).some((count) => count > 0));
  const rows = shown.map(({ rule, counts: { off, read, verify } }) => {
    const note = read > verify ? "`verify`" : read < off ? "both" : "";
    return `| ${basename(rule.file)} | ${rule.where} | ${cell(rule.name)} | ${off} | ${read} | ${verify} | ${note} |`;
  });
  return [
    "# What each strength of the second reading adds",
    "",
    "Written by `npm run check:gate -- --strengths`: each rule of `src/adapters/saml2-js` was taken away,",
    "alone, and the attack suite was run against what was left, in each strength. The numbers are of",
    "attacks that were then accepted and are refused otherwise; rules whose absence lets none in are left",
    "out. The last column says which strengths refuse more than the weaker one. Do not edit.",
    "",
    `${all.length} rules; the absence of ${count(all, "off")} lets attacks in with \`off\`, of ${count(all, "read")} with \`read\`, of ${count(all, "verify")} with \`verify\`.`,
    "",
    "| file | function or list | rule | `off` | `read` | `verify` | refuses more |",
    "| --- | --- | --- | ---: | ---: | ---: | --- |",
    ...rows,
    "",
  ].join("\n");
}

function count(all: readonly Accepted[], strength: SecondReadingStrength): number {
  return all.filter(({ counts }) => counts[strength] > 0).length;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

await main(process.argv.slice(2));
