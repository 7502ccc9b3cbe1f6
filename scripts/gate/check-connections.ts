/**
 * Takes away one check at a time of what keeps connections apart, fetches their metadata and refreshes
 * them, and runs their tests against what is left: one must then fail. Fails when a check is not missed.
 *
 *     npm run check:connections             all of them
 *     npm run check:connections -- TEXT     those whose file or name contains a text
 *     npm run check:connections -- --write  writes scripts/gate/CONNECTIONS.md
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { bundleScript } from "../../test/support/child-script.ts";
import { findHandMade, type HandMade, type Rule, titleOf } from "./rules.ts";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const WORK = join(ROOT, ".cache", "connections");
const REPORT = join(ROOT, "scripts", "gate", "CONNECTIONS.md");
/** For the tests of one file; without a check, some wait for what does not come. */
const RUN_LIMIT_MS = 180_000;
const TEST_LIMIT_MS = 30_000;
/** Tests that run concurrently. */
const TOGETHER = 2;

/** A file, its tests, and its checks. */
interface Subject {
  readonly file: string;
  readonly test: string;
  readonly checks: readonly Check[];
}

interface Check extends HandMade {
  /** Why no test can miss it. */
  readonly redundant?: string;
}

const check = (name: string, from: RegExp, to = "", redundant?: string): Check => ({
  name,
  from,
  to,
  ...(redundant === undefined ? {} : { redundant }),
});

const REFRESH_TEST = "test/http/refresh-connections.test.ts";

const APART_TEST = "test/http/connections.test.ts";

const SUBJECTS: readonly Subject[] = [
  {
    file: "src/domain/settings.ts",
    test: APART_TEST,
    checks: [
      check(
        "a connection speaks for no domain of another one",
        /if \(other !== undefined\) return .*/,
      ),
      check(
        "nor for one that nobody lists, unless it accepts others",
        /connection\.acceptsOtherDomains \? "speaks" : "none"/,
        '"speaks"',
      ),
      check(
        "a connection that is turned off is not open",
        /settings\.connections\.filter\(\(one\) => one\.enabled\)/,
        "settings.connections",
      ),
      check(
        "an issuer is that of its connection",
        /\(\{ idp \}\) => idp\.entityId === issuer/,
        "() => true",
      ),
      check(
        "an address leads to the connection of its domain",
        /\.find\(\(\{ domains \}\) => domains\.includes\(domain\)\) \?\?/,
        "[0] ??",
      ),
    ],
  },
  {
    file: "src/application/sign-in/complete-sign-in.ts",
    test: APART_TEST,
    checks: [
      check(
        "a request of another connection is not answered",
        /usable\.filter\(\(one\) => one\.connection === connection\.id\)/,
        "usable",
      ),
      check(
        "a response is verified with the connection that was asked",
        /asked === undefined(\s+\? connectionOfIssuer)/,
        "true$1",
      ),
      check(
        "an unsolicited response is verified with the connection of its issuer",
        /connectionOfIssuer\(open, issuer\)/,
        "open[0]",
      ),
    ],
  },
  {
    file: "src/application/test-sign-in/complete-test-sign-in.ts",
    test: APART_TEST,
    checks: [
      check(
        "a test is verified with the connection under test",
        /connectionById\(test\.settings, test\.connection\)/,
        "test.settings.connections.find(({ id }) => id !== test.connection)",
      ),
    ],
  },
  {
    file: "src/application/logout/handle-logout-message.ts",
    test: "test/http/logout-messages.test.ts",
    checks: [
      check(
        "a logout is confirmed by the connection that was asked",
        /input\.pending\.filter\(\(one\) => one\.connection === connection\.id\)/,
        "input.pending",
      ),
      check(
        "a logout message is verified with the connection of its issuer",
        /return connectionOfIssuer\(connected, issuer\)/,
        "return connected[0]",
      ),
    ],
  },
  {
    file: "src/adapters/guarded-fetch/guarded-fetch.ts",
    test: "test/adapters/guarded-fetch.test.ts",
    checks: [
      check("it ends after the time", /\(\) => over\.abort\(new/, "() => void (new"),
      check("a silent name server holds nobody", /until\(over\.signal, (follow\([^)]*\))\)/, "$1"),
      check("what is open is closed at the end", /over\.abort\(\); \/\/ closes.*/),
      check("304 only if asked", / && \(asked\.etag \?\? asked\.lastModified\) !== undefined/),
      check(
        "a document comes with 200",
        /statusCode === 200/,
        "statusCode >= 200 && statusCode < 300",
      ),
      check("ETag can be sent back", /isValidator\(etag\)/, "etag !== undefined"),
      check(
        "Last-Modified can be sent back",
        /isValidator\(lastModified\)/,
        "lastModified !== undefined",
      ),
      check("only redirects lead on", /!REDIRECTS\.has\(statusCode\) \|\| /),
      check("a redirect says where to", / \|\| headers\.location === undefined/),
      check(
        "at most three redirects",
        /redirects === MAX_METADATA_REDIRECTS\)/,
        "redirects === 99)",
      ),
      check("https only", /if \(protocol !== "https:"\) \{/, "if (false) {"),
      check("no user name", /username !== "" \|\| /),
      check("no password", / \|\| password !== ""/),
      check("an address can be read", /if \(!ipaddr\.isValid\(text\)\) return false;/),
      check("an address is unicast", /if \(address\.range\(\) !== "unicast"\) return false;/),
      check("of IPv6 only what is assigned", / \|\| address\.match\(ASSIGNED_IPV6\)/, " || true"),
      check("every address of a name is public", /addresses\.every\(/, "addresses.some("),
      check("no address is named", /\$\{hostname\}( is not on)/, "$${addresses}$1"),
      check("literal addresses count", /ipaddr\.isValid\(literal\) \? \[literal\] : /),
      check(
        "the connection goes to the address that was checked",
        /connectTo\(address, /,
        "connectTo(url.hostname, ",
      ),
      check("a few addresses are tried", /\.slice\(0, MAX_ADDRESSES\)/),
      check("nothing begins after the time", /signal\.throwIfAborted\(\);/),
      check(
        "the certificate is that of the name",
        /\{ servername: url\.hostname \}/,
        "{}",
        "Node and Deno take the name from the header Host; this one does not leave it to them",
      ),
      check(
        "the certificate is trusted",
        /new Agent\(\{ keepAlive: false/,
        "new Agent({ rejectUnauthorized: false, keepAlive: false",
      ),
      check("the agent is our own", /agent: new Agent\(\{ keepAlive: false \}\),/),
      check("the host of the URL is asked", /Host: url\.host,/),
      check("no compressed body is asked for", /"Accept-Encoding": "identity",/),
      check("If-None-Match", /(\? \{\} : )\{ "If-None-Match": etag \}/, "$1{}"),
      check("If-Modified-Since", /(\? \{\} : )\{ "If-Modified-Since": lastModified \}/, "$1{}"),
      check("the request ends with everything", /(defined\(\{ ca \}\),\s+)signal,/, "$1"),
      check(
        "an answer that breaks off unread throws nowhere",
        /answer\.on\("error".*/,
        "",
        "Node and Deno emit no such error while nobody listens; this one does not leave it to them",
      ),
      check("no compressed body is read", /encoding\.toLowerCase\(\) !== "identity"/, "false"),
      check("a length that is too large is not waited for", /if \(Number\(answer\.headers.*/),
      check("bytes are counted", /if \(size > MAX_METADATA_BYTES\) throw tooLarge\(\);/),
      check(
        "a body that breaks off is not taken",
        /if \(!answer\.complete\) throw.*/,
        "",
        "such a body throws where it is read; this one does not leave it to the runtime",
      ),
      check("only UTF-8", /\{ fatal: true \}/, "{}"),
    ],
  },
  {
    file: "src/application/connections/refresh-connections.ts",
    test: REFRESH_TEST,
    checks: [
      check(
        "only what has a URL is followed",
        /idp\?\.metadataUrl === undefined/,
        "idp === undefined",
      ),
      check("nothing is looked up without the option", /!fetchesMetadata \|\| /),
      check(
        "nothing is fetched without the option",
        /if \(fetchMetadata === undefined\) return async.*/,
      ),
      check("what is not due is left", /if \(nextAttemptAt <= clock\.now\(\)\) /),
      check("what is removed is forgotten", /if \(!exists\) await refreshes\.forget.*/),
      check(
        "one tenant, where one is served",
        /if \(servedTenant === undefined\) \{/,
        "if (true) {",
      ),
      check("no tenant stops the others", /failures\.push\(error\);/, "throw error;"),
      check("a failure is told nevertheless", /if \(failures\.length > 0\) throw failures\[0\];/),
      check("every page of tenants", /page\.length < PAGE/, "true"),
      check("pages go on where the last ended", /, \.\.\.defined\(\{ after \}\)/),
      check(
        "not modified means that it was read",
        /published === undefined(\s+\? failure)/,
        "false$1",
      ),
      check(
        "a throw of the host's is a failure",
        /\} catch \(error\) \{(\s+const name)/,
        "} catch (error) { throw error;$1",
      ),
      check(
        "its message is kept to ourselves",
        /errorName\(thrownIn\(error\)\)/,
        "String(thrownIn(error))",
      ),
      check("a failure is announced once", /if \(failures === 1\) \{/, "if (true) {"),
      check(
        "a failure counts for the attempt that made it",
        /if \(!\((await stores\.refreshes\.save\(tenant, next\))\)\) return.*/,
        "$1;",
      ),
      check(
        "failures are further and further apart",
        /nextAttempt\(at, failures,/,
        "nextAttempt(at, 1,",
      ),
      check(
        "a connection that is gone gets nothing",
        /if \(current === undefined \|\| connection\?\.idp === undefined\) return SKIPPED;/,
      ),
      check("what was read is of the connection as it is", /if \(!isAbout\(claimed.*/),
      check("of its URL", /return idp\.metadataUrl === url && /, "return "),
      check("of its identity provider", / && idp\.entityId === entityId;/, ";"),
      check(
        "settings are saved over what was read",
        /if \(!\((await stores\.settings\.save\(tenant, next\))\)\) return.*/,
        "$1;",
      ),
      check(
        "it is tried again while others save",
        /await retryWhileRaced\(\(\) => (apply\([^)]*\))\)/,
        "await $1",
      ),
      check("what was dismissed does not wait", / && tag !== claimed\.dismissed/),
      check("a change is announced once", / && tag !== waiting\?\.tag/),
      check("it waits since then", /waiting\?\.tag === tag \? waiting : /),
      check(
        "the result is of the attempt that was claimed",
        /if \(!saved\) return rollBack\(SKIPPED\);/,
      ),
      check("certificates of the connection are known", /\[\.\.\.after\.certificates, /, "["),
      check("certificates of the metadata are known", /, \.\.\.published\.certificates\]/, "]"),
      check(
        "one process makes an attempt",
        /if \(!\((await refreshes\.save\(tenant, claimed\))\)\) return SKIPPED;/,
        "$1;",
      ),
      check("an attempt is given time", /nextAttemptAt: clock\.now\(\) \+ ATTEMPT_LEASE_MS,/),
      check("attempts are spread", /Number\.parseInt\(digest.*/, "0;"),
      check(
        "nothing is known of another URL",
        /state\?\.url === url && /,
        "state !== undefined && ",
      ),
      check("nothing is known of another identity provider", / && state\.entityId === entityId/),
      check(
        "what has been there stays known",
        /known = \[\] \} = (.*);/,
        "} = $1; const known: string[] = [];",
      ),
      check(
        "pinned to the entity ID",
        /parsed\.identityProviders\.filter\(\(one\) => one\.entityId === entityId\)/,
        "parsed.identityProviders",
      ),
      check("described once", /if \(more\.length > 0\) \{/, "if (false) {"),
      check("a tag names URLs and bindings", /JSON\.stringify\(members\),/),
      check("a tag names what is removed", /JSON\.stringify\(fingerprintsOf\(removed\)\),/),
      check("a tag names what is added", /JSON\.stringify\(fingerprintsOf\(added\)\),/),
    ],
  },
  {
    file: "src/application/connections/pending-change.ts",
    test: REFRESH_TEST,
    checks: [
      check(
        "what is shown is of the connection as it is",
        /state === undefined \|\| !isAbout\(state, idp\)/,
        "state === undefined",
      ),
      check("so is what is decided on", / \|\| !isAbout\(state, connection\.idp\)/),
      check("what was shown is decided on", /found\?\.pending\.tag !== tag/, "found === undefined"),
      check("what is accepted is valid", /if \(faults\.length > 0\) return .*/),
      check("what was dismissed is not shown", /if \(tag === dismissed\) return undefined;/),
      check(
        "settings are saved over what was read",
        /if \((accepts) && !\((await stores\.settings\.save\(tenant, next\))\)\) return.*/,
        "if ($1) $2;",
      ),
      check("a decision is made once", /if \(!saved\) return rollBack\("raced"\);/),
      check(
        "it is tried again while others save",
        /await retryWhileRaced\(\(\) => (attempt\(input\))\)/,
        "await $1",
      ),
    ],
  },
];

interface Verdict {
  readonly rule: Rule;
  readonly redundant?: string | undefined;
  /** The test that fails without it. */
  readonly missedBy?: string | undefined;
}

async function main(options: readonly string[]): Promise<void> {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK, { recursive: true });
  const [named] = options.filter((option) => !option.startsWith("--"));
  const todo = SUBJECTS.flatMap(({ file, test, checks }) => {
    const source = readFileSync(join(ROOT, file), "utf8");
    const wanted = checks.filter(({ name }) => `${file} ${name}`.includes(named ?? ""));
    return wanted.map((one) => {
      const rule = findHandMade([{ file, source }], one);
      const { at, length, replacement } = rule;
      const without = source.slice(0, at) + replacement + source.slice(at + length);
      return { test, one, rule, change: { file: join(ROOT, file), without } };
    });
  });
  for (const test of new Set(todo.map((one) => one.test))) {
    const failed = await failing(test, "whole");
    if (failed !== undefined) throw new Error(`${test} fails as it is: ${failed}`);
  }
  const verdicts: Verdict[] = [];
  const waiting = todo.entries();
  const work = async (): Promise<void> => {
    for (const [index, { test, one, rule, change }] of waiting) {
      const missedBy = await failing(test, `m${index}`, change);
      verdicts[index] = { rule, missedBy, redundant: one.redundant };
      process.stdout.write(missedBy === undefined ? `\nnot missed: ${titleOf(rule)}\n` : ".");
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  rmSync(WORK, { recursive: true, force: true });
  if (named !== undefined) {
    for (const one of verdicts) process.stdout.write(`\n${rowOf(one)}`);
  } else if (options.includes("--write")) writeFileSync(REPORT, report(verdicts));
  const listed = existsSync(REPORT) ? readFileSync(REPORT, "utf8") : "";
  const unlisted = verdicts.filter(({ rule }) => !listed.includes(headOf(rule)));
  for (const { rule } of unlisted) {
    process.stdout.write(`\nscripts/gate/CONNECTIONS.md does not list: ${titleOf(rule)}\n`);
  }
  const unproven = verdicts.filter(
    (one) => one.missedBy === undefined && one.redundant === undefined,
  );
  process.stdout.write(`\n${verdicts.length} checks, ${unproven.length} of them not missed\n`);
  process.exitCode = unproven.length + unlisted.length === 0 ? 0 : 1;
}

/** The first test that fails with a file as `change` has it; `undefined` if none does. */
async function failing(
  test: string,
  name: string,
  change?: { readonly file: string; readonly without: string },
): Promise<string | undefined> {
  const bundle = join(WORK, `${name}.mjs`);
  await bundleScript(join(ROOT, test), bundle, (file, text) =>
    file === change?.file ? change.without : text,
  );
  const output = join(WORK, `${name}.json`);
  const child = spawn(
    process.execPath,
    [
      "node_modules/mocha/bin/mocha.js",
      ...["--no-config", "--bail", "--exit", "--timeout", String(TEST_LIMIT_MS)],
      ...["--reporter", "json", "--reporter-option", `output=${output}`, bundle],
    ],
    { cwd: ROOT, stdio: "ignore", timeout: RUN_LIMIT_MS, killSignal: "SIGKILL" },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  rmSync(bundle);
  if (code === 0) return undefined;
  if (code === null) return "the tests do not end";
  const { failures } = existsSync(output)
    ? (JSON.parse(readFileSync(output, "utf8")) as MochaOutput)
    : { failures: [] };
  // Code that cannot even be loaded shows nothing.
  if (failures[0] === undefined) throw new Error(`${test} cannot be loaded: ${name}`);
  return failures[0].fullTitle;
}

/** What is read of the output of mocha's reporter `json`. */
interface MochaOutput {
  readonly failures: readonly { readonly fullTitle: string }[];
}

function headOf({ file, name }: Rule): string {
  return `| ${basename(file)} | ${name} |`;
}

function rowOf({ rule, missedBy, redundant }: Verdict): string {
  const shown = missedBy ?? `not missed: ${redundant ?? "**no test shows it**"}`;
  return `${headOf(rule)} ${shown.replaceAll("|", "\\|")} |`;
}

function report(verdicts: readonly Verdict[]): string {
  return [
    "# What each check of connections is good for",
    "",
    "Written by `npm run check:connections -- --write`: each check was taken away, alone, and the tests were",
    "run against what was left. The last column names the first that then failed. Do not edit.",
    "",
    "| file | check | its absence shows in |",
    "| --- | --- | --- |",
    ...verdicts.map(rowOf),
    "",
  ].join("\n");
}

await main(process.argv.slice(2));
