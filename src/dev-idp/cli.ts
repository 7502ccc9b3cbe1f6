#!/usr/bin/env node
/**
 * `koa-saml-jit dev-idp`: an identity provider for development, without passwords.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { z } from "zod";
import { makeTestKey, type TestKey } from "../testing/signing-idp/certificate.ts";
import { type DevIdp, isPortInUse, startDevIdp } from "./server.ts";

const DEFAULT_PORT = 4600;
const DEFAULT_SERVICE_PROVIDER = "http://localhost:3000/saml/metadata";
const CACHE = "node_modules";
const SUBJECT = "koa-saml-jit DEVELOPMENT identity provider";

const USAGE = `Usage: koa-saml-jit dev-idp [options] [URL of the service provider's metadata]

An identity provider for development: no passwords, anyone can sign in as any user.
It listens on this computer only, and does not start with NODE_ENV=production.

  URL          for sign-ins that begin at the identity provider
               (default: ${DEFAULT_SERVICE_PROVIDER})
  --port N     0 for any free one (default: ${DEFAULT_PORT})
  --key FILE   keeps the signing key (default: in node_modules/.cache, if there is
               node_modules; otherwise every start has a key of its own)
  --help       prints this
`;

/** What is wrong with how the command was called. */
class UsageFault extends Error {}

const Key = z.object({
  kind: z.literal("rsa-2048"),
  privateKey: z.string(),
  certificate: z.string(),
});

async function main(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (options === "help") {
    process.stdout.write(USAGE);
    return;
  }
  if (process.env["NODE_ENV"] === "production") {
    throw new UsageFault("NODE_ENV is production. This identity provider is for development.");
  }
  const { port, serviceProvider, keyFile } = options;
  const idp = await startDevIdp({ port, serviceProvider, key: keptKey(keyFile) });
  process.stdout.write(`Development identity provider at ${idp.url}
  DO NOT let a production system trust it: it signs in anyone as any user.
  Metadata: ${idp.url}/metadata
  Service provider: ${serviceProvider}
  Key: ${keyFile ?? "in memory, another one after a restart (--key FILE keeps it)"}
`);
  closeOnSignals(idp);
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parse(args);
  if (values.help) return "help";
  const [command, serviceProvider = DEFAULT_SERVICE_PROVIDER, ...more] = positionals;
  if (command !== "dev-idp")
    throw new UsageFault(`There is no command ${command ?? ""}.\n\n${USAGE}`);
  if (more.length > 0) throw new UsageFault(`There is one URL too many: ${more.join(" ")}`);
  if (!/^https?:\/\//.test(serviceProvider) || !URL.canParse(serviceProvider)) {
    throw new UsageFault(`${serviceProvider} is not an http or https URL.`);
  }
  const { port = String(DEFAULT_PORT), key } = values;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageFault(`--port must be an integer from 0 to 65535, not ${port}.`);
  }
  return { port: Number(port), serviceProvider, keyFile: key ?? defaultKeyFile() };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: "string" },
        key: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (cause) {
    throw new UsageFault(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function defaultKeyFile(): string | undefined {
  return existsSync(CACHE) ? join(CACHE, ".cache", "koa-saml-jit", "dev-idp.json") : undefined;
}

/** The key of the last start: platforms that trust it need not be told of another one. */
function keptKey(file: string | undefined): TestKey {
  if (file !== undefined && existsSync(file)) return readKey(file);
  const key = makeTestKey({ subject: SUBJECT });
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
  }
  return key;
}

function readKey(file: string): TestKey {
  try {
    return Key.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new UsageFault(`${file} is not a key of this command. Delete it for another one.`, {
      cause,
    });
  }
}

function closeOnSignals(idp: DevIdp): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      idp.close().then(() => process.exit(0), fail);
    });
  }
}

function fail(error: unknown): void {
  if (error instanceof UsageFault) {
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
  if (isPortInUse(error)) {
    process.stderr.write("The port is in use. Choose another one with --port.\n");
    process.exit(1);
  }
  throw error;
}

main(process.argv.slice(2)).catch(fail);
