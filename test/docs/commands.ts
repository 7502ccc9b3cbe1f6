import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A command that a guide tells people to run. */
export interface Command {
  readonly guide: string;
  /** One line, as it is printed. */
  readonly line: string;
  /** The JSON that the guide shows as its answer, if it does at once. */
  readonly answer?: unknown;
}

/** What becomes of a command in the tests. */
export type Treatment =
  /** Run by the test beside this file. */
  | { readonly kind: "run"; readonly status?: number; readonly answerDiffers?: string }
  /** Run by another test or check; `by` is a test file or an npm script of `npm test`. */
  | { readonly kind: "covered"; readonly by: string }
  /** Not run, for a reason. */
  | { readonly kind: "not run"; readonly because: string };

const COMMAND = /^(?:[A-Z_]+=\S+ )*(?:npm|npx|node|deno|tsx|curl|sed|psql|docker|git) /;

/** Every guide that people read, as a path from the root. */
export function guides(): readonly string[] {
  const root = readdirSync(".").filter((name) => name.endsWith(".md"));
  const docs = readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
  return [...root, ...docs, "bench/DIARY.md"].sort();
}

/** The commands of a guide in order: indented lines, lines of shell fences, and code in sentences. */
export function commandsOf(guide: string): readonly Command[] {
  const text = readFileSync(guide, "utf8");
  const commands: Command[] = [];
  let fence: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const marker = /^```(\w*)/.exec(line);
    if (marker !== null) {
      fence = fence === undefined ? (marker[1] ?? "") : undefined;
      continue;
    }
    const block = fence === undefined ? /^ {4}(\S.*)$/.exec(line)?.[1] : shellLine(fence, line);
    const found = block === undefined && fence === undefined ? inlineCode(line) : [block ?? ""];
    for (const one of found.map(withoutComment).filter((one) => COMMAND.test(`${one} `))) {
      const answer = block === undefined ? undefined : answerAfter(text, index);
      commands.push({ guide, line: one, ...(answer === undefined ? {} : { answer }) });
    }
  }
  return commands;
}

function shellLine(fence: string, line: string): string | undefined {
  return /^(?:sh|bash|shell|console)$/.test(fence) ? line.replace(/^\$ /, "") : undefined;
}

function inlineCode(line: string): readonly string[] {
  return [...line.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

function withoutComment(line: string): string {
  return line.replace(/\s{2,}#.*$/, "").trim();
}

/** The JSON fence that follows line `index` with nothing but a blank line between. */
function answerAfter(text: string, index: number): unknown {
  const rest = text
    .split("\n")
    .slice(index + 1)
    .join("\n");
  const json = /^\n```json\n([\s\S]*?)\n```/.exec(rest)?.[1];
  return json === undefined ? undefined : JSON.parse(json);
}

interface Rule {
  readonly of: RegExp;
  readonly treatment: Treatment;
}

const run: Treatment = { kind: "run" };
const covered = (by: string): Treatment => ({ kind: "covered", by });
const notRun = (because: string): Treatment => ({ kind: "not run", because });

/** What becomes of each command. The first rule that fits counts; one that fits nothing is a fault. */
const RULES: readonly Rule[] = [
  { of: /^curl .*"enabled":"yes"/, treatment: { kind: "run", status: 422 } },
  {
    of: /^curl .*inspect-certificates$/,
    treatment: { kind: "run", answerDiffers: "the certificate is cut short in print" },
  },
  {
    of: /^curl .*\/audit\?limit=1/,
    treatment: { kind: "run", answerDiffers: "the guide shows it after somebody has tried" },
  },
  {
    of: /^(?:npx koa-saml-jit dev-idp|deno run -A npm:koa-saml-jit dev-idp|curl .*(?::4600|@idp\.json).*)$/,
    treatment: covered("test/packaging/readme-host.test.ts"),
  },
  { of: /^(?:curl|sed) /, treatment: run },
  { of: /^(?:node|npx deno) .*mocha\.js test\/domain\/\S+$/, treatment: run },
  { of: /^npm install /, treatment: covered("test/packaging/readme-host.test.ts") },
  {
    of: /^ADMIN_TOKEN=\S+ COOKIE_KEY=\S+ (?:node host\.js|deno run -A host\.ts)$/,
    treatment: covered("test/packaging/readme-host.test.ts"),
  },
  { of: /^deno test /, treatment: covered("test/examples/guides.test.ts") },
  { of: /^npx deno run -A examples\/demo\/server\.ts$/, treatment: covered("test:deno") },
  { of: /^npm run demo$/, treatment: covered("test/examples/demo-sign-in.test.ts") },
  { of: /^IDP_METADATA=.* npm run demo$/, treatment: covered("test/examples/demo-config.test.ts") },
  {
    of: /^npx deno run .*'test\/browser/,
    treatment: covered("test/browser/demo.test.ts"),
  },
  { of: /^npm (?:ci|cit|test)$/, treatment: notRun("these tests are a part of it") },
  {
    of: /^(?:TEST_SEED=\S+ )?npm run (?:check:gate:deno|check:connections|coverage|test:(?:long|node2[24]|processes:deno))$/,
    treatment: notRun("takes many minutes"),
  },
  { of: /^npm run test:node$/, treatment: notRun("npm test runs it in two parts") },
  { of: /^npm run test:fast$/, treatment: notRun("it is a part of these tests") },
  { of: /^npm run (?:format|docs)$/, treatment: notRun("writes what is not tested here") },
  { of: /^npm run sbom$/, treatment: covered("test/architecture/supply-chain.test.ts") },
  { of: /^npm run pack:release$/, treatment: notRun("replaces what test/upgrade runs") },
  { of: /^npm run docs:llms$/, treatment: covered("test/docs/links.test.ts") },
  { of: /^npm run docs:pictures$/, treatment: notRun("a person looks at what it writes") },
  { of: /^npm run openapi$/, treatment: covered("test/openapi/document.test.ts") },
  { of: /^npm pack$/, treatment: covered("test/packaging/package.test.ts") },
  { of: /^npx deno publish$/, treatment: covered("check:deno") },
  { of: /^npm publish$/, treatment: notRun("publishes") },
  {
    of: /^npm (?:audit|outdated|update)\b/,
    treatment: notRun("asks what the world has found since"),
  },
  { of: /^git /, treatment: notRun("changes the repository of whoever runs the tests") },
  { of: /^npm run mutation$/, treatment: notRun("takes minutes; the report is kept") },
  { of: /^npm run check:mutation$/, treatment: covered("check:mutation") },
  { of: /^npm run check:gate -- --(?:write|strengths)$/, treatment: covered("check:gate") },
  { of: /^npm run bench/, treatment: notRun("takes minutes of an idle machine") },
  {
    of: /^npx tsc -p bench\/post\/others$/,
    treatment: notRun("needs the products to be installed"),
  },
  {
    of: /^(?:node|npx tsx|node --import tsx) .*\b(?:bench|test|scripts)\/\S+\.ts\b/,
    treatment: notRun("takes minutes, an idle machine or a browser"),
  },
];

/** What becomes of `line`; `undefined` when nobody has said. */
export function treatmentOf(line: string): Treatment | undefined {
  const script = /^npm run ([\w:-]+)$/.exec(line)?.[1];
  if (script !== undefined && checkedScripts().includes(script)) return covered(script);
  return RULES.find(({ of }) => of.test(line))?.treatment;
}

/** The npm scripts that `npm test` runs. */
export function checkedScripts(): readonly string[] {
  const checks = readFileSync("scripts/checks.ts", "utf8");
  return [...checks.matchAll(/ script: "([\w:-]+)" \}/gm)].map(([, name = ""]) => name);
}

/** Files and npm scripts that a line names and that are not there. */
export function missingIn(line: string): readonly string[] {
  const files = line.match(/\b(?:bench|examples|scripts|test)\/[\w./-]+\.(?:ts|mjs)\b/g) ?? [];
  const scripts = [...line.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
  const known = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).scripts);
  return [
    ...files.filter((file) => !existsSync(file)),
    ...scripts.filter((name) => !known.includes(name)),
  ];
}
