import {
  createServer as createPlainServer,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import https, { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { after, before, beforeEach, describe, it } from "mocha";
import selfsigned from "selfsigned";
import {
  type GuardedFetchOptions,
  isPublicAddress,
  MAX_METADATA_BYTES,
  makeGuardedFetch,
} from "../../src/adapters/guarded-fetch/guarded-fetch.ts";
import type { MetadataRequest } from "../../src/ports/metadata-refresh.ts";
import { fetchMetadataContract } from "../../src/testing/contracts/metadata-refresh-contract.ts";

const PUBLIC = "93.184.216.34";
const NAMES = ["idp.example", "other.example"];

describe("the guarded fetcher", () => {
  let server: Server;
  let ca: string;
  let port: number;
  let handle: RequestListener;
  /** Names that were resolved, and addresses that were connected to. */
  let resolved: string[];
  let connected: string[];
  let answers: Record<string, readonly (readonly string[])[]>;

  before(async () => {
    const altNames = NAMES.map((value) => ({ type: 2 as const, value }));
    const made = await selfsigned.generate([{ name: "commonName", value: "idp.example" }], {
      keySize: 2048,
      algorithm: "sha256",
      extensions: [{ name: "subjectAltName", altNames }],
    });
    ca = made.cert;
    server = createServer({ key: made.private, cert: made.cert }, (incoming, answer) =>
      handle(incoming, answer),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    resolved = [];
    connected = [];
    answers = { "idp.example": [[PUBLIC]], "other.example": [[PUBLIC]] };
    handle = (_, answer) => answer.end("<metadata/>");
  });

  const fetchWith = (
    asked: string | MetadataRequest,
    options: Partial<GuardedFetchOptions> = {},
  ) => {
    const fetchMetadata = makeGuardedFetch({
      resolve: async (hostname) => {
        resolved.push(hostname);
        const [first, ...rest] = answers[hostname] ?? [];
        if (first === undefined) throw new Error("ENOTFOUND");
        if (rest.length > 0) answers[hostname] = rest;
        return first;
      },
      // What is public is on loopback here; anything else would be reached as it is.
      connectTo: (address, wanted) => {
        connected.push(address);
        return isPublicAddress(address)
          ? { host: "127.0.0.1", port }
          : { host: address, port: wanted };
      },
      ca,
      ...options,
    });
    return fetchMetadata(typeof asked === "string" ? { url: asked } : asked);
  };
  const codeOf = async (asked: string, options: Partial<GuardedFetchOptions> = {}) => {
    const fetched = await fetchWith(asked, options);
    return fetched.kind === "failed" ? fetched.code : fetched.kind;
  };
  const redirectingTo =
    (location: string): RequestListener =>
    (_, answer) =>
      answer.writeHead(302, { Location: location }).end();

  it("asks the checked address for the host of the URL, without credentials", async () => {
    let seen: object = {};
    handle = ({ headers, url, method, socket }, answer) => {
      seen = { ...headers, url, method, sni: Reflect.get(socket, "servername") };
      answer.setHeader("ETag", '"one"').setHeader("Last-Modified", "Sun, 29 Nov 2026 00:00:00 GMT");
      answer.end("<metadata/>");
    };
    expect(await fetchWith("https://idp.example/saml?x=1")).to.deep.equal({
      kind: "metadata",
      xml: "<metadata/>",
      etag: '"one"',
      lastModified: "Sun, 29 Nov 2026 00:00:00 GMT",
    });
    expect(seen).to.include({
      host: "idp.example",
      sni: "idp.example",
      url: "/saml?x=1",
      method: "GET",
      "accept-encoding": "identity",
    });
    expect(seen).not.to.have.any.keys("authorization", "cookie", "referer", "origin");
    expect(connected).to.deep.equal([PUBLIC]);
  });

  describe("as a port", () => {
    const xml = "<metadata>ü😀</metadata>";
    const cases = fetchMetadataContract(async () => {
      handle = ({ headers, url }, answer) => {
        if (url !== "/metadata") answer.writeHead(404).end();
        else if (headers["if-none-match"] === '"v1"') answer.writeHead(304).end();
        else answer.setHeader("ETag", '"v1"').end(xml);
      };
      return {
        fetchMetadata: fetchWith,
        url: "https://idp.example/metadata",
        xml,
        brokenUrl: "https://idp.example/nothing",
      };
    });
    for (const { name, run } of cases) it(name, run);
  });

  it("asks whether the document has changed", async () => {
    handle = ({ headers }, answer) => {
      const known = headers["if-none-match"] === '"one"' && headers["if-modified-since"] === "then";
      answer.writeHead(known ? 304 : 200).end("<metadata/>");
    };
    const url = "https://idp.example/";
    expect(await fetchWith({ url, etag: '"one"', lastModified: "then" })).to.deep.equal({
      kind: "not-modified",
    });
    handle = (_, answer) => answer.writeHead(304).end();
    expect(await codeOf(url)).to.equal("status-unexpected");
  });

  const PRIVATE = [
    ["loopback", "127.0.0.1"],
    ["the rest of loopback", "127.8.9.10"],
    ["this host", "0.0.0.0"],
    ["a private network", "10.1.2.3"],
    ["another private network", "172.16.0.1"],
    ["a home network", "192.168.1.1"],
    ["a cloud's metadata service", "169.254.169.254"],
    ["a carrier's network", "100.64.0.1"],
    ["multicast", "224.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["reserved", "240.0.0.1"],
    ["documentation", "192.0.2.1"],
    ["benchmarking", "198.18.0.1"],
    ["IPv6 loopback", "::1"],
    ["IPv6 unspecified", "::"],
    ["IPv6 unique local", "fd00::1"],
    ["IPv6 link-local", "fe80::1"],
    ["IPv6 link-local with a zone", "fe80::1%eth0"],
    ["IPv6 site-local", "fec0::1"],
    ["IPv6 multicast", "ff02::1"],
    ["IPv6 that is not assigned", "4000::1"],
    ["IPv6 documentation", "2001:db8::1"],
    ["IPv4-mapped loopback", "::ffff:127.0.0.1"],
    ["an IPv4-mapped public address", "::ffff:93.184.216.34"],
    ["IPv4-compatible loopback", "::127.0.0.1"],
    ["NAT64 of loopback", "64:ff9b::7f00:1"],
    ["local NAT64", "64:ff9b:1::a00:1"],
    ["6to4 of loopback", "2002:7f00:1::1"],
    ["Teredo", "2001:0:7f00:1::1"],
    ["no address", "localhost"],
  ] as const;
  for (const [what, address] of PRIVATE) {
    it(`refuses a name that resolves to ${what}, ${address}`, async () => {
      answers["idp.example"] = [[address]];
      const refused = await fetchWith("https://idp.example/");
      expect(refused).to.include({ kind: "failed", code: "url-refused" });
      // What names of our network resolve to is nothing to tell.
      expect(refused).to.have.property("detail").that.does.not.include(address);
      // Among public ones, too, wherever it stands.
      answers["idp.example"] = [[PUBLIC, address]];
      expect(await codeOf("https://idp.example/")).to.equal("url-refused");
      expect(connected).to.deep.equal([]);
    });
  }

  it("knows public addresses", () => {
    for (const address of [PUBLIC, "8.8.8.8", "2606:4700::1111", "2a00:1450:4001::200e"]) {
      expect(isPublicAddress(address), address).to.equal(true);
    }
  });

  for (const url of [
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.1/",
    "https://0/",
    "https://１２７.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://user@idp.example/",
    "https://user:secret@idp.example/",
    "https://idp.example@127.0.0.1/",
    "https://:secret@idp.example/",
    "http://idp.example/",
    "ftp://idp.example/",
    "file:///etc/passwd",
    "data:text/xml,x",
    "/etc/passwd",
    "",
  ]) {
    it(`refuses ${url || "an empty URL"}, and so a redirect to it`, async () => {
      expect(await codeOf(url)).to.equal("url-refused");
      expect(connected).to.deep.equal([]);
      if (!/^[a-z]+:[\x21-\x7e]+$/.test(url)) return; // relative, or no header
      handle = redirectingTo(url);
      expect(await codeOf("https://idp.example/")).to.equal("url-refused");
      expect(connected).to.deep.equal([PUBLIC]);
    });
  }

  it("connects to what was checked, whatever the name resolves to next", async () => {
    answers["idp.example"] = [[PUBLIC], ["127.0.0.1"]];
    expect(await codeOf("https://idp.example/")).to.equal("metadata");
    expect(resolved).to.deep.equal(["idp.example"]);
    expect(connected).to.deep.equal([PUBLIC]);
    // The second time it is checked again.
    expect(await codeOf("https://idp.example/")).to.equal("url-refused");
    expect(connected).to.deep.equal([PUBLIC]);
  });

  it("checks a name again after a redirect", async () => {
    answers["idp.example"] = [[PUBLIC], ["10.0.0.1"]];
    handle = redirectingTo("/again");
    expect(await codeOf("https://idp.example/")).to.equal("url-refused");
    answers["other.example"] = [["169.254.169.254"]];
    answers["idp.example"] = [[PUBLIC]];
    handle = redirectingTo("//other.example/");
    expect(await codeOf("https://idp.example/")).to.equal("url-refused");
    expect(connected).to.deep.equal([PUBLIC, PUBLIC]);
  });

  it("follows three redirects, and no fourth", async () => {
    const hops = (count: number): RequestListener => {
      let left = count;
      return (_, answer) => {
        left -= 1;
        if (left >= 0) answer.writeHead(307, { Location: `/${left}` }).end();
        else answer.end("<metadata/>");
      };
    };
    handle = hops(3);
    expect(await codeOf("https://idp.example/")).to.equal("metadata");
    handle = hops(4);
    expect(await codeOf("https://idp.example/")).to.equal("too-many-redirects");
    handle = redirectingTo("https://idp.example/");
    expect(await codeOf("https://idp.example/")).to.equal("too-many-redirects");
  });

  it("follows nothing but redirects", async () => {
    for (const status of [201, 300, 304, 305, 306, 401, 503]) {
      handle = (_, answer) => answer.writeHead(status, { Location: "/" }).end();
      expect(await codeOf("https://idp.example/"), String(status)).to.equal("status-unexpected");
    }
    expect(resolved).to.have.lengthOf(7);
  });

  it("keeps no validator that could not be sent back", async () => {
    const long = `"${"x".repeat(256)}"`;
    for (const [etag, lastModified] of [
      [long, long],
      ['"ü"', "ü"],
    ] as const) {
      handle = (_, answer) =>
        answer.setHeader("ETag", etag).setHeader("Last-Modified", lastModified).end("<metadata/>");
      expect(await fetchWith("https://idp.example/")).to.deep.equal({
        kind: "metadata",
        xml: "<metadata/>",
      });
    }
  });

  it("believes no server without the certificate of the name", async () => {
    answers["evil.example"] = [[PUBLIC]];
    expect(await codeOf("https://evil.example/")).to.equal("not-reachable");
    const { ca: _, ...untrusting } = { ca };
    const fetchMetadata = makeGuardedFetch({
      ...untrusting,
      resolve: async () => [PUBLIC],
      connectTo: () => ({ host: "127.0.0.1", port }),
    });
    const fetched = await fetchMetadata({ url: "https://idp.example/" });
    expect(fetched).to.include({ kind: "failed", code: "not-reachable" });
  });

  it("takes at most 2 MB, said or not", async () => {
    const most = "x".repeat(MAX_METADATA_BYTES);
    handle = (_, answer) => answer.end(most);
    expect(await codeOf("https://idp.example/")).to.equal("metadata");
    handle = (_, answer) => answer.end(`${most}x`);
    expect(await codeOf("https://idp.example/")).to.equal("too-large");
    let sent = 0;
    handle = (_, answer) => {
      const more = () => {
        if (answer.destroyed || sent > 200 * 1024 ** 2) return;
        sent += 65_536;
        answer.write("x".repeat(65_536), more);
      };
      more();
    };
    expect(await codeOf("https://idp.example/")).to.equal("too-large");
    expect(sent).to.be.below(50 * 1024 ** 2);
  });

  it("does not wait for a body whose length is too large", async () => {
    handle = (_, answer) => {
      answer.writeHead(200, { "Content-Length": MAX_METADATA_BYTES + 1 }).write("<");
    };
    expect(await codeOf("https://idp.example/", { timeoutMs: 1000 })).to.equal("too-large");
  });

  it("leaves no connection open, whatever it has refused", async () => {
    for (const refused of [
      (answer: ServerResponse) => answer.writeHead(404),
      (answer: ServerResponse) => answer.writeHead(302, { Location: "http://idp.example/" }),
      (answer: ServerResponse) => answer.setHeader("Content-Encoding", "gzip"),
    ]) {
      const closed = new Promise<void>((resolve) => {
        handle = (incoming, answer) => {
          for (const cut of [incoming, incoming.socket]) cut.on("error", () => undefined);
          incoming.socket.once("close", () => resolve());
          refused(answer).write("a body that does not end");
        };
      });
      expect((await fetchWith("https://idp.example/")).kind).to.equal("failed");
      await closed;
    }
  });

  it("refuses compressed bodies, whatever they would become", async () => {
    for (const encoding of ["gzip", "GZIP", "br", "deflate", "identity, gzip"]) {
      handle = (_, answer) =>
        answer.setHeader("Content-Encoding", encoding).end(gzipSync("x".repeat(1000)));
      expect(await codeOf("https://idp.example/"), encoding).to.equal("encoding-unsupported");
    }
  });

  it("refuses what is not UTF-8, and a body that breaks off", async () => {
    handle = (_, answer) => answer.end(Buffer.from([0x3c, 0xff, 0xfe]));
    expect(await codeOf("https://idp.example/")).to.equal("encoding-unsupported");
    handle = (_, answer) => {
      answer.setHeader("Content-Length", "1000");
      answer.write("<meta", () => answer.destroy());
    };
    expect(await codeOf("https://idp.example/")).to.equal("not-reachable");
  });

  it("ends everything that is slow: names, answers, bodies and rows of redirects", async () => {
    const timeoutMs = 150;
    const silent = { timeoutMs, resolve: () => new Promise<never>(() => undefined) };
    expect(await codeOf("https://idp.example/", silent)).to.equal("too-slow");
    handle = () => undefined;
    expect(await codeOf("https://idp.example/", { timeoutMs })).to.equal("too-slow");
    handle = (_, answer) => {
      answer.write("<");
    };
    expect(await codeOf("https://idp.example/", { timeoutMs })).to.equal("too-slow");
    handle = redirectingTo("https://other.example/");
    const slowNames = {
      timeoutMs,
      resolve: (name: string) =>
        name === "idp.example" ? Promise.resolve([PUBLIC]) : new Promise<never>(() => undefined),
    };
    expect(await codeOf("https://idp.example/", slowNames)).to.equal("too-slow");
    // A name that resolves when it is over is connected to no more.
    let answerLate: (addresses: readonly string[]) => void = () => undefined;
    const late = {
      timeoutMs,
      resolve: () =>
        new Promise<readonly string[]>((resolve) => {
          answerLate = resolve;
        }),
    };
    connected = [];
    expect(await codeOf("https://idp.example/", late)).to.equal("too-slow");
    answerLate([PUBLIC]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(connected).to.deep.equal([]);
  });

  it("says what went wrong", async () => {
    expect(await codeOf("https://unknown.example/")).to.equal("not-reachable");
    answers["idp.example"] = [[]];
    expect(await codeOf("https://idp.example/")).to.equal("not-reachable");
    answers["idp.example"] = [[PUBLIC]];
    for (const status of [204, 206, 300, 302, 401, 404, 500]) {
      handle = (_, answer) => answer.writeHead(status).end("<metadata/>");
      expect(await codeOf("https://idp.example/"), String(status)).to.equal("status-unexpected");
    }
    const plain = createPlainServer((_, answer) => answer.end("<metadata/>"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const address = plain.address() as AddressInfo;
    const connectTo = () => ({ host: "127.0.0.1", port: address.port });
    expect(await codeOf("https://idp.example/", { connectTo })).to.equal("not-reachable");
    plain.close();
    plain.closeAllConnections();
  });

  it("asks the resolver of the system, and reaches nothing of this computer", async () => {
    const fetched = await makeGuardedFetch()({ url: `https://localhost:${port}/` });
    // On Deno, the tests may not even ask for a name.
    expect(fetched.kind === "failed" && fetched.code).to.equal(
      "Deno" in globalThis ? "not-reachable" : "url-refused",
    );
  });

  it("tries another checked address where none listens at the first", async () => {
    answers["idp.example"] = [["2606:4700::1111", PUBLIC]];
    const tried: string[] = [];
    const connectTo = (address: string) => {
      tried.push(address);
      // Nothing listens on port 1 of loopback.
      return { host: "127.0.0.1", port: address === PUBLIC ? port : 1 };
    };
    expect(await codeOf("https://idp.example/", { connectTo })).to.equal("metadata");
    expect(tried).to.deep.equal(["2606:4700::1111", PUBLIC]);
    // Of a name with many, a few.
    tried.length = 0;
    answers["idp.example"] = [[1, 2, 3, 4, 5].map((last) => `2606:4700::${last}`)];
    expect(await codeOf("https://idp.example/", { connectTo })).to.equal("not-reachable");
    expect(tried).to.have.lengthOf(4);
  });

  it("uses no proxy of the environment, and no agent that somebody has put in place", async () => {
    const before = { ...process.env };
    const { globalAgent } = https;
    try {
      const proxying = new https.Agent();
      proxying.createConnection = () => {
        throw new Error("to a proxy");
      };
      https.globalAgent = proxying;
      for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]) {
        process.env[name] = "http://127.0.0.1:1";
      }
      process.env["NODE_USE_ENV_PROXY"] = "1";
      expect(await codeOf("https://idp.example/")).to.equal("metadata");
    } finally {
      https.globalAgent = globalAgent;
      for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"]) {
        const value = before[name];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});
