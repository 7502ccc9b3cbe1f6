import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { delimiter, resolve } from "node:path";
import process from "node:process";

/** A host that runs as a process of its own, in the folder where it is. */
export interface HostProcess {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

/** What runs a host. */
export type Runtime = "Node" | "Deno";

/** As the README says it; Deno by the binary itself, whose npm wrapper would outlive a signal. */
const COMMANDS: Readonly<Record<Runtime, readonly [string, ...string[]]>> = {
  Node: [process.execPath],
  Deno: [resolve("node_modules/deno/deno"), "run", "--no-prompt", "-A"],
};

/** Starts `file` and waits for its first line, or for one that says it is ready. */
export async function startHostProcess({
  runtime = "Node",
  folder,
  file,
  port,
  baseUrl,
  env = {},
  ready: says = /\n/,
}: {
  readonly runtime?: Runtime;
  readonly folder: string;
  readonly file: string;
  readonly port: number;
  readonly baseUrl: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ready?: RegExp;
}): Promise<HostProcess> {
  const [command, ...args] = COMMANDS[runtime];
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(command, [...args, file], {
    cwd: folder,
    env: { PATH, HOME, BASE_URL: baseUrl, PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [output, complaints] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  await new Promise<void>((ready, failed) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (says.test(output)) ready();
    });
    child.once("error", failed);
    void ended.then(() => failed(new Error(`${file} ended: ${complaints || output}`)));
  });
  return {
    baseUrl,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** Starts a command line as people do and waits for its first line; ends with all that it has started. */
export async function startShell(
  line: string,
  folder: string,
): Promise<{ readonly output: string; stop(): Promise<void> }> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { HOME, PATH: `${resolve("node_modules/.bin")}${delimiter}${PATH}` };
  const child = spawn("bash", ["-c", line], {
    cwd: folder,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const output = await new Promise<string>((ready, failed) => {
    child.stdout.setEncoding("utf8").once("data", ready);
    child.once("error", failed);
    void ended.then(() => failed(new Error(`${line} ended: ${complaints}`)));
  });
  return {
    output,
    async stop() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
      await ended;
    },
  };
}

/** A free port of the loopback address: a host's URL is fixed before it listens. */
export function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => found(port));
    });
  });
}
