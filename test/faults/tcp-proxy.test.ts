import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

describe("TCP proxy of the fault tests", () => {
  let received: string;
  let onData: () => void;
  let upstream: ReturnType<typeof createServer>;
  let proxy: TcpProxy;
  let clients: Socket[];

  beforeEach(async () => {
    received = "";
    onData = () => undefined;
    clients = [];
    upstream = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        received += data;
        socket.write(data);
        onData();
      });
    });
    upstream.listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const address = upstream.address();
    proxy = await startTcpProxy(typeof address === "object" ? address!.port : 0);
  });
  afterEach(async () => {
    for (const client of clients) client.destroy();
    await proxy.close();
    upstream.close();
  });

  async function connect(): Promise<Socket> {
    const client = createConnection({ host: "127.0.0.1", port: proxy.port });
    clients.push(client);
    await once(client, "connect");
    return client;
  }

  async function echo(client: Socket, text: string): Promise<string> {
    const answer = once(client, "data");
    client.write(text);
    return String((await answer)[0]);
  }

  it("passes both directions", async () => {
    expect(await echo(await connect(), "one")).to.equal("one");
  });

  it("swallows open connections without ending them, and passes new ones", async () => {
    const old = await connect();
    await echo(old, "one");
    proxy.blackhole();
    let ended = false;
    old.on("data", () => (ended = true)).on("close", () => (ended = true));
    old.write("lost");
    expect(await echo(await connect(), "two")).to.equal("two");
    expect(received).to.equal("onetwo");
    expect(ended).to.equal(false);
  });

  it("swallows new connections, too, while the upstream is isolated", async () => {
    proxy.isolate();
    const lost = await connect();
    lost.write("lost");
    proxy.heal();
    expect(await echo(await connect(), "two")).to.equal("two");
    expect(received).to.equal("two");
  });
});
