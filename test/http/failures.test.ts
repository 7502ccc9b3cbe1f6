import { expect } from "chai";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeMemoryStores } from "../../src/adapters/memory/memory-stores.ts";
import { StorageUnavailableError } from "../../src/ports/errors.ts";
import { arrive, formFor } from "../support/arrivals.ts";
import { makeBrowser } from "../support/browser.ts";
import { openSettings, startHost, type TestHost } from "../support/host.ts";

describe("what cannot be done", () => {
  let host: TestHost;
  let acs: string;

  beforeEach(async () => {
    host = await startHost();
    acs = `${host.baseUrl}/saml/acs`;
    await host.saml.saveSettings("default", openSettings(host), "set-up");
  });
  afterEach(() => host.stop());

  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(acs, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
      body,
    });

  const good = () => new URLSearchParams(formFor(host, "ada@customer.example")).toString();

  it("a form without a message, or with two", async () => {
    for (const body of ["", "RelayState=x", `${good()}&${good()}`, `${good()}&SAMLRequest=x`]) {
      const response = await post(body);
      expect(response.status).to.equal(400);
      expect(response.headers.get("content-type")).to.contain("application/problem+json");
      expect(await response.json()).to.include({ code: "sign-in-refused" });
    }
    expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
  });

  it("field names that mean something to JavaScript", async () => {
    for (const name of [
      "__proto__",
      "constructor",
      "toString",
      "a[b][c]",
      "a.b",
      "SAMLResponse[0]",
    ]) {
      const response = await post(`${encodeURIComponent(name)}=x`);
      expect(response.status).to.equal(400);
    }
    expect((await post(`__proto__[x]=y&hasOwnProperty=1&${good()}`)).status).to.equal(303);
  });

  it("more than is read", async () => {
    expect((await post(`SAMLResponse=${"A".repeat(300 * 1024)}`)).status).to.equal(413);
  });

  it("another type than a form", async () => {
    const response = await post("{}", { "Content-Type": "application/json" });
    expect(response.status).to.equal(415);
  });

  it("a sign-in while single sign-on is off", async () => {
    await host.saml.saveSettings("default", openSettings(host, { enabled: false }), "admin");
    expect((await arrive(host, "ada@customer.example")).status).to.equal(403);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ code: "sso-disabled" });
    const login = await fetch(`${host.baseUrl}/saml/login`, { headers: { Accept: "text/html" } });
    expect(login.status).to.equal(403);
    expect(login.headers.get("content-type")).to.contain("text/html");
    expect(await login.text()).to.contain("Single sign-on is turned off.");
  });

  it("a response of another identity provider", async () => {
    const connection = host.idp.connection({ entityId: "https://other.example" });
    await host.saml.saveSettings("default", openSettings(host, { connection }), "admin");
    const page = await (await arrive(host, "ada@customer.example")).text();
    expect(page).to.contain("Your sign-in couldn't be verified.");
    expect(page).not.to.match(/issuer|<saml|Error|at \//i);
    expect(host.memory.auditEntries(host.tenant)[0]).to.include({ code: "issuer-mismatch" });
  });
});

describe("what fails", () => {
  it("storage that does not answer: try again, nothing is half-made", async () => {
    const memory = makeMemoryStores();
    let down = false;
    const unitOfWork: typeof memory.unitOfWork = {
      run: (tenant, work) =>
        down ? Promise.reject(new StorageUnavailableError(7)) : memory.unitOfWork.run(tenant, work),
    };
    const host = await startHost({ storage: { stores: memory.stores, unitOfWork } });
    try {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      down = true;
      const form = formFor(host, "ada@customer.example");
      const refused = await makeBrowser().post(`${host.baseUrl}/saml/acs`, form);
      expect(refused.status).to.equal(503);
      expect(refused.headers.get("retry-after")).to.equal("7");
      expect(await refused.text()).to.contain("The service is temporarily unavailable.");
      down = false;
      const again = await makeBrowser().post(`${host.baseUrl}/saml/acs`, form);
      expect(again.status).to.equal(303);
    } finally {
      await host.stop();
    }
  });

  it("a bug of the host: a page that gives nothing away, and a line in the log", async () => {
    const thrown = new Error("the session store is away");
    const heard: Error[] = [];
    const host = await startHost({
      signIn: () => {
        throw thrown;
      },
    });
    host.app.on("error", (error: Error) => heard.push(error));
    try {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const response = await arrive(host, "ada@customer.example");
      expect(response.status).to.equal(500);
      expect(await response.text()).not.to.match(/session store|at \//);
      const [failure] = host.logger.events.filter(({ level }) => level === "error");
      expect(failure?.event).to.include({
        event: "saml.request.failed",
        error: "Error",
        message: "signIn threw Error: the session store is away",
      });
      expect(failure?.event).to.have.property("at").that.contains("failures.test");
      expect(heard.map(({ cause }) => cause)).to.deep.equal([thrown]);
      expect(heard[0]?.message).to.contain("signIn threw Error: the session store is away");
    } finally {
      await host.stop();
    }
  });

  it("a database error of the host: where it is in the log, and none of its values", async () => {
    const values = "insert into sessions values ('ada@customer.example') - UNIQUE failed";
    const native = Object.assign(new Error(values), { code: "SQLITE_CONSTRAINT" });
    const thrown = Object.assign(new Error(values), {
      name: "UniqueViolationError",
      nativeError: native,
      table: "sessions",
      columns: ["email"],
    });
    const host = await startHost({ signIn: () => Promise.reject(thrown) });
    try {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      expect((await arrive(host, "ada@customer.example")).status).to.equal(500);
      const [failure] = host.logger.events.filter(({ level }) => level === "error");
      expect(failure?.event).to.deep.include({
        message: "signIn threw UniqueViolationError SQLITE_CONSTRAINT",
        database: { code: "SQLITE_CONSTRAINT", table: "sessions", column: "email" },
      });
      expect(JSON.stringify(failure)).not.to.contain("ada@customer.example");
    } finally {
      await host.stop();
    }
  });

  it("a license limit that is not a number creates no user by mistake", async () => {
    const host = await startHost({ licenseLimit: () => Number.NaN });
    try {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      expect((await arrive(host, "ada@customer.example")).status).to.equal(500);
      expect(host.memory.usersOf(host.tenant)).to.deep.equal([]);
    } finally {
      await host.stop();
    }
  });

  it("an answer of the host's own stands", async () => {
    const host = await startHost({
      signIn: (ctx) => {
        ctx.redirect("/welcome");
      },
    });
    try {
      await host.saml.saveSettings("default", openSettings(host), "set-up");
      const response = await arrive(host, "ada@customer.example");
      expect(response.status).to.equal(302);
      expect(response.headers.get("location")).to.equal("/welcome");
    } finally {
      await host.stop();
    }
  });
});
