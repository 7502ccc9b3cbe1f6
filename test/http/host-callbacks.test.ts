import { expect } from "chai";
import { describe, it } from "mocha";
import { makeTestKey } from "../../src/testing/signing-idp/certificate.ts";
import { openSettings, startHost } from "../support/host.ts";

describe("what requireAdmin says", () => {
  const answered = async (answer: unknown) => {
    // A host in JavaScript has no compiler that keeps it from this.
    const host = await startHost({ requireAdmin: (() => answer) as () => undefined });
    try {
      const url = `${host.baseUrl}/saml/settings`;
      const saved = await fetch(url, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "If-Match": '"0"' },
        body: JSON.stringify(openSettings(host)),
      });
      const { version } = await host.saml.readSettings("default");
      const read = await fetch(url);
      const errors = host.logger.events.filter(({ level }) => level === "error");
      return { read: read.status, saved: saved.status, version, errors };
    } finally {
      await host.stop();
    }
  };

  for (const nobody of [undefined, null, false, 0, "", Number.NaN]) {
    it(`${JSON.stringify(nobody) ?? "undefined"} is nobody: 403, and nothing is saved`, async () => {
      expect(await answered(nobody)).to.deep.equal({
        read: 403,
        saved: 403,
        version: 0,
        errors: [],
      });
    });
  }

  const mistakes = [true, 7, "admin", {}, [], { id: "" }, { id: 7 }, { id: "x".repeat(256) }];
  for (const mistake of mistakes) {
    it(`${JSON.stringify(mistake).slice(0, 20)} is a mistake: access is refused, and the log says why`, async () => {
      const { read, saved, version, errors } = await answered(mistake);
      expect({ read, saved, version }).to.deep.equal({ read: 500, saved: 500, version: 0 });
      expect(errors).to.have.length(2);
    });
  }
});

describe("what currentSamlSession says", () => {
  it("null means no session: signs out here only", async () => {
    const { privateKey, certificate } = makeTestKey();
    const host = await startHost({
      serviceProvider: { keys: [{ privateKey, certificate }] },
      logout: {
        // A host in JavaScript has no compiler that keeps it from this.
        currentSamlSession: (() => null) as unknown as () => undefined,
        signOut: () => undefined,
      },
    });
    try {
      const response = await fetch(`${host.baseUrl}/saml/logout`, {
        method: "POST",
        redirect: "manual",
      });
      expect(response.status).to.equal(303);
      expect(response.headers.get("location")).to.equal("/");
    } finally {
      await host.stop();
    }
  });
});
