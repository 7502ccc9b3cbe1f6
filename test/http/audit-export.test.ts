import { once } from "node:events";
import { get as httpGet, type IncomingMessage } from "node:http";
import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import type { AuditEntry, AuditTrail } from "../../src/mod.ts";
import { StorageUnavailableError } from "../../src/ports/errors.ts";
import { sampleEntry } from "../../src/testing/contracts/samples.ts";
import { arrive } from "../support/arrivals.ts";
import { openSettings, startHost, type TestHost, tenant } from "../support/host.ts";

/** The cells of a table, none of which holds a line break. */
function cellsOf(csv: string): string[][] {
  return csv
    .trimEnd()
    .split("\r\n")
    .map((line) =>
      [...line.matchAll(/(?:^|,)"((?:[^"]|"")*)"/g)].map(([, cell = ""]) =>
        cell.replaceAll('""', '"'),
      ),
    );
}

describe("the audit trail as a file", () => {
  let host: TestHost;

  beforeEach(async () => {
    host = await startHost();
  });
  afterEach(() => host.stop());

  const open = (query: string) => fetch(`${host.baseUrl}/saml/settings/audit/export?${query}`);
  const append = (number: number, more: Partial<AuditEntry> = {}, of = "default") =>
    host.memory.stores.audit.append(tenant(of), sampleEntry(number, more));

  it("has every entry once, newest first, as JSON Lines and as a table", async () => {
    for (let number = 1; number <= 450; number += 1) await append(number);
    await append(451, {}, "other");
    const lines = await open("format=jsonl");
    expect(lines.headers.get("content-type")).to.equal("application/jsonl; charset=utf-8");
    expect(lines.headers.get("content-disposition")).to.equal(
      `attachment; filename="sso-activity-${new Date(host.clock.now()).toISOString().slice(0, 10)}.jsonl"`,
    );
    expect(lines.headers.get("cache-control")).to.equal("no-store");
    const text = await lines.text();
    const entries = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditEntry);
    expect(entries).to.deep.equal(
      Array.from({ length: 450 }, (_, index) => sampleEntry(450 - index)),
    );
    expect(text.endsWith("\n")).to.equal(true);

    const table = await open("format=csv");
    expect(table.headers.get("content-type")).to.equal("text/csv; charset=utf-8");
    expect(table.headers.get("x-content-type-options")).to.equal("nosniff");
    const octets = new Uint8Array(await table.arrayBuffer());
    expect(octets[0]).to.equal('"'.charCodeAt(0));
    const [head = [], ...rows] = cellsOf(new TextDecoder().decode(octets));
    expect(head).to.include.members(["time", "outcome", "code", "reference", "email", "detail"]);
    expect(rows.map((row) => Number(row.at(-1)))).to.deep.equal(
      Array.from({ length: 450 }, (_, index) => 450 - index),
    );
    expect(rows.every(({ length }) => length === head.length)).to.equal(true);
  });

  it("has what the trail shows, by the same filters", async () => {
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    await arrive(host, "ada@customer.example", { audience: "https://typed.example" });
    await arrive(host, "bob@customer.example");
    const shown = await fetch(`${host.baseUrl}/saml/settings/audit?refused=true`);
    const { entries } = (await shown.json()) as { entries: object[] };
    const line = await (await open("format=jsonl&refused=true")).text();
    expect(JSON.parse(line)).to.deep.equal(entries[0]);
    const [head = [], row = []] = cellsOf(await (await open("format=csv&refused=true")).text());
    const cell = (name: string) => row[head.indexOf(name)];
    expect(cell("code")).to.equal("audience-mismatch");
    expect(cell("sent")).to.equal("https://typed.example");
    expect(cell("explanation")).to.match(/^The audience of the assertion is not our entity ID/);
    const detail = { authenticated: "yes", connection: "default" };
    expect(JSON.parse(cell("detail") ?? "")).to.deep.equal(detail);
  });

  it("is a header alone, or nothing, where nothing is found", async () => {
    await append(1);
    for (const filter of ["email=nobody", "outcome=denied", "refused=true&outcome=signed-in"]) {
      expect(cellsOf(await (await open(`format=csv&${filter}`)).text())).to.have.length(1);
      expect(await (await open(`format=jsonl&${filter}`)).text()).to.equal("");
    }
  });

  it("has no cell that a spreadsheet interprets as a formula", async () => {
    const texts = [
      '=HYPERLINK("https://evil.example","x")',
      "+1+1",
      "-2+3",
      "@SUM(1)",
      "\t=1",
      "\r\n=1",
      "＝1+1",
      "a;=1+1",
      "a;\t =1+1",
      'a"; "=1+1',
      'a","=1+1',
      "a\n=1+1",
      "a|=1",
    ];
    for (const [index, text] of texts.entries()) {
      await append(index, {
        actor: `saml:${text}`,
        reference: text,
        detail: { reason: text, sent: text, [text]: text },
      });
    }
    const csv = await (await open("format=csv")).text();
    expect(csv.split("\r\n")).to.have.length(texts.length + 2);
    expect(csv.replaceAll("\r\n", "")).not.to.match(/\p{Cc}/u);
    const rows = cellsOf(csv);
    expect(rows.every(({ length }) => length === rows[0]?.length)).to.equal(true);
    for (const cell of rows.flat()) expect(cell).not.to.match(/^\s*[=+\-@＝＋－＠]/);
    // Where `;` divides cells, as in German, French and many other spreadsheets.
    for (const cell of csv.split(/;|\r\n/)) expect(cell).not.to.match(/^[\s"]*[=+\-@＝＋－＠]/);
  });

  it("nor by an issuer that an identity provider chose", async () => {
    const issuer = '=cmd|"/C calc"!A0';
    const response = (xml: string) => xml.replace(/(<saml:Issuer[^>]*>)[^<]*/g, `$1${issuer}`);
    await host.saml.saveSettings("default", openSettings(host), "set-up");
    await arrive(host, "ada@customer.example", { edit: { assertion: response, response } });
    const [head = [], row = []] = cellsOf(await (await open("format=csv&refused=true")).text());
    expect(row[head.indexOf("code")]).to.equal("issuer-mismatch");
    expect(row[head.indexOf("sent")]).to.match(/^'=cmd/);
  });

  it("is for administrators of this tenant, in a format that there is", async () => {
    for (const query of ["", "format=xml", "format=csv&format=jsonl", "format=csv&limit=1"]) {
      expect((await open(query)).status).to.equal(400);
    }
    host.admin = undefined;
    expect((await open("format=csv")).status).to.equal(403);
    expect((await open("format=xml")).status).to.equal(403);
  });
});

describe("an export that is long", () => {
  let host: TestHost;
  let pages: number;
  /** Called before each page is given, with its number. */
  let onPage: (number: number) => Promise<void> | void;

  const PAGE_ENTRIES = 200;
  const detail = { reason: "x".repeat(500), sent: "y".repeat(500), expected: "z".repeat(500) };

  /** A trail without end. */
  const page: AuditTrail["page"] = async (_tenant, { after }) => {
    pages += 1;
    await onPage(pages);
    const newest = after === undefined ? 99_999_999 : Number(after) - 1;
    const entries = Array.from({ length: PAGE_ENTRIES }, (_, index) =>
      sampleEntry(newest - index, { detail }),
    );
    return { entries, next: String(newest - PAGE_ENTRIES + 1) };
  };

  beforeEach(async () => {
    pages = 0;
    onPage = () => undefined;
    const memory = makeMemoryStores();
    const audit = { ...memory.stores.audit, page };
    host = await startHost({ storage: { ...memory, stores: { ...memory.stores, audit } } });
  });
  afterEach(() => host.stop());

  const url = () => `${host.baseUrl}/saml/settings/audit/export?format=jsonl`;

  const request = async (): Promise<IncomingMessage> => {
    const [response] = await once(httpGet(url()), "response");
    return response;
  };

  /** Lets everything happen that needs no time. */
  const settle = async () => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
  };

  it("waits for a client that does not read, and stops for one that goes away", async () => {
    let closed: Promise<unknown> = Promise.resolve();
    host.app.middleware.unshift((ctx, next) => {
      closed = once(ctx.res, "close");
      return next();
    });
    const response = await request();
    let before = -1;
    while (before !== pages) {
      before = pages;
      await settle();
    }
    // What the sockets hold: far from the whole, which has no end.
    expect(pages).to.be.below(100);
    response.destroy();
    await closed;
    const whenClosed = pages;
    await settle();
    expect(pages).to.be.at.most(whenClosed + 1);
    expect(host.logger.events.filter(({ level }) => level === "error")).to.deep.equal([]);
  });

  it("that the storage cuts off does not look complete", async () => {
    onPage = (number) => {
      if (number === 3) throw new StorageUnavailableError(1);
    };
    const response = await request();
    let octets = 0;
    const ended = await new Promise<string>((done) => {
      response.on("data", (chunk: Uint8Array) => {
        octets += chunk.length;
      });
      response.on("end", () => done("complete"));
      response.on("error", () => done("cut off"));
    });
    expect(ended).to.equal("cut off");
    expect(octets).to.be.above(0);
    const logged = host.logger.events.filter(({ level }) => level === "error");
    expect(logged).to.have.length(1);
    expect(logged[0]?.event).to.include({
      event: "saml.request.failed",
      route: "/saml/settings/audit/export",
      error: "StorageUnavailableError",
    });
    expect((await fetch(`${host.baseUrl}/saml/settings`)).status).to.equal(200);
  });

  it("that cannot begin is a problem", async () => {
    onPage = () => {
      throw new StorageUnavailableError(1);
    };
    const response = await fetch(url());
    expect(response.status).to.equal(503);
    expect(await response.json()).to.include({ code: "storage-unavailable" });
  });

  it("is not begun for HEAD", async () => {
    const response = await fetch(url(), { method: "HEAD" });
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal("application/jsonl; charset=utf-8");
    expect(await response.text()).to.equal("");
    await settle();
    expect(pages).to.equal(1);
  });
});
