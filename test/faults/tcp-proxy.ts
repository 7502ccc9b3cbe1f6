import { createConnection, createServer, type Server, type Socket } from "node:net";

/** A proxy on the loopback address that can swallow what passes through it. */
export interface TcpProxy {
  /** Where to connect instead of the upstream. */
  readonly port: number;
  /** Connections that are open now, the swallowed ones included. */
  readonly connections: number;
  /**
   * Swallows every packet of the connections that are open now, in both directions, for good: no
   * FIN, no RST, as when a firewall forgot its state or the other host lost its power. Connections
   * made later pass.
   */
  blackhole(): void;
  /** Swallows the packets of later connections, too, until {@link heal}. */
  isolate(): void;
  /** Lets later connections pass. What was swallowed stays swallowed, as in a real network. */
  heal(): void;
  /** Resets all connections and stops listening. */
  close(): Promise<void>;
}

/** Starts a proxy before `upstream`, a port of the loopback address, that passes everything. */
export async function startTcpProxy(upstream: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const passing = new Set<() => void>();
  let isolated = false;

  const server = createServer((client) => {
    const target = createConnection({ host: "127.0.0.1", port: upstream });
    client.setNoDelay(true);
    target.setNoDelay(true);
    let swallowed = false;
    const swallow = (): void => {
      swallowed = true;
      passing.delete(swallow);
    };
    passing.add(swallow);
    if (isolated) swallow();
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      open.add(from);
      // Data is read in any case: a swallowed connection must not push back to its sender.
      from.on("data", (data) => {
        if (!swallowed) to.write(data);
      });
      from.once("end", () => {
        if (!swallowed) to.end();
      });
      from.on("error", () => {
        if (!swallowed) to.resetAndDestroy();
      });
      from.once("close", () => {
        open.delete(from);
        passing.delete(swallow);
        if (!swallowed) to.destroy();
      });
    }
  });

  const port = await listen(server);
  return {
    port,
    get connections() {
      return open.size / 2;
    },
    blackhole: () => {
      for (const swallow of [...passing]) swallow();
    },
    isolate: () => {
      isolated = true;
      for (const swallow of [...passing]) swallow();
    },
    heal: () => {
      isolated = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.resetAndDestroy();
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
      else reject(new Error("no port"));
    });
  });
}
