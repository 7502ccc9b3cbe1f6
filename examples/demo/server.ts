import { createServer, type RequestListener, type Server } from "node:http";
import process from "node:process";
import { ConfigError, type DemoConfig, isLocal, readConfig } from "./config.ts";
import { type Demo, startDemo } from "./demo.ts";

const LOOPBACK = "127.0.0.1";
const LOOPBACK_IPV6 = "::1";
const CLOSING_MS = 5000;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const listening = await listenAll(config);
  const baseUrl = config.baseUrl ?? `http://localhost:${listening.port}`;
  try {
    const demo = await startDemo(config, baseUrl);
    listening.answerBy(demo.handler);
    closeOnSignals(listening.servers, demo);
    console.log(`The demo is ready at ${baseUrl}`);
  } catch (error) {
    for (const server of listening.servers) server.close();
    throw error;
  }
}

interface Listening {
  readonly port: number;
  readonly servers: readonly Server[];
  answerBy(handler: RequestListener): void;
}

/**
 * On loopback only, as long as nobody else is meant to reach the demo: everybody may become
 * administrator in it. `localhost` is two addresses.
 */
async function listenAll(config: DemoConfig): Promise<Listening> {
  // Whoever comes while the demo starts waits for it.
  let answerBy: (handler: RequestListener) => void = () => undefined;
  const ready = new Promise<RequestListener>((resolve) => {
    answerBy = resolve;
  });
  const handler: RequestListener = async (request, response) => (await ready)(request, response);
  const host = config.host ?? (isLocal(config.baseUrl, undefined) ? LOOPBACK : undefined);
  const first = await listen(handler, config.port, host);
  const address = first.address();
  const port = typeof address === "object" && address !== null ? address.port : config.port;
  const servers = [first];
  if (host === LOOPBACK) {
    // A machine without IPv6 does without.
    await listen(handler, port, LOOPBACK_IPV6).then(
      (second) => servers.push(second),
      () => undefined,
    );
  }
  return {
    port,
    servers,
    answerBy,
  };
}

function listen(handler: RequestListener, port: number, host?: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(handler);
    server.once("error", (cause: Error) =>
      reject(new ConfigError(`PORT ${port} cannot be listened on: ${cause.message}`, { cause })),
    );
    server.listen(port, host, () => resolve(server));
  });
}

function closeOnSignals(servers: readonly Server[], demo: Demo): void {
  let closing = false;
  const close = async () => {
    if (closing) return;
    closing = true;
    setTimeout(() => process.exit(1), CLOSING_MS).unref();
    await Promise.all(servers.map(closed));
    await demo.close();
    console.log("The demo has ended");
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      close().then(() => process.exit(0), fail);
    });
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function fail(error: unknown): void {
  if (error instanceof ConfigError) console.error(`The demo cannot start.\n${error.message}`);
  else console.error("The demo cannot go on:", error);
  process.exit(1);
}

main().catch(fail);
