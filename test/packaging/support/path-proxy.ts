import { once } from "node:events";
import { createServer, request } from "node:http";

/** A reverse proxy that serves one host under a path, which it strips. */
export interface PathProxy {
  /** Where browsers reach the host. */
  readonly url: string;
  forwardTo(upstream: string): void;
  stop(): Promise<void>;
}

/** Starts a proxy; it answers 404 to paths that are not below `path`. */
export async function startPathProxy(path: string): Promise<PathProxy> {
  let upstream = "";
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = "" } = incoming;
    if (!url.startsWith(`${path}/`)) {
      outgoing.writeHead(404).end();
      return;
    }
    const forwarded = request(
      `${upstream}${url.slice(path.length)}`,
      { method, headers: { ...headers, "x-forwarded-proto": "https", "x-forwarded-host": "evil" } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    forwardTo: (url) => {
      upstream = url;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
