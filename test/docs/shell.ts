import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import process from "node:process";

/** What a command line did. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly complaints: string;
  /** Of every answer that curl had. */
  readonly statuses: readonly number[];
}

/**
 * Runs a command line as people do; curl says on the side which status it got.
 *
 * @param home where curl finds its own settings.
 */
export function runLine(line: string, folder: string, home: string): Promise<Ran> {
  // To stderr: what it prints and what it writes to files stays as it is.
  writeFileSync(join(home, ".curlrc"), 'silent\nwrite-out = "%{stderr}status %{http_code}\\n"\n');
  const { PATH = "", HOME = "" } = process.env;
  const binaries = resolve("node_modules/.bin");
  const env = { HOME, PATH: `${binaries}${delimiter}${PATH}`, CURL_HOME: resolve(home) };
  return new Promise((done, failed) => {
    const child = spawn("bash", ["-o", "pipefail", "-c", line], { cwd: folder, env });
    let [output, complaints] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaints += text;
    });
    child.once("error", failed);
    child.once("close", (code) => {
      const statuses = [...complaints.matchAll(/^status (\d+)$/gm)].map(([, text]) => Number(text));
      done({ code, output, complaints, statuses });
    });
  });
}

/** Where `actual` lacks something that `shown` has, or has it of another kind. */
export function shapeFaults(shown: unknown, actual: unknown, path = ""): readonly string[] {
  if (Array.isArray(shown)) {
    if (!Array.isArray(actual)) return [`${path}: no list`];
    return shown.length === 0 ? [] : shapeFaults(shown[0], actual[0], `${path}/0`);
  }
  if (typeof shown !== "object" || shown === null) {
    return typeof shown === typeof actual ? [] : [`${path}: ${typeof actual}`];
  }
  if (typeof actual !== "object" || actual === null) return [`${path}: no object`];
  const missing = Object.keys(actual).filter((name) => !Object.hasOwn(shown, name));
  return [
    ...missing.map((name) => `${path}/${name}: not in the guide`),
    ...Object.entries(shown).flatMap(([name, value]) =>
      shapeFaults(value, Reflect.get(actual, name), `${path}/${name}`),
    ),
  ];
}
