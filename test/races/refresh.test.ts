import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import type { ConnectionsRefreshed } from "../../src/application/connections/refresh-connections.ts";
import { makeSigningIdp, makeTestKey } from "../../src/testing/mod.ts";
import { metadataXml } from "../../src/testing/signing-idp/idp-xml.ts";
import { DATABASES, type TestDatabase } from "../support/databases.ts";
import { openSettings, readShort, startHost, type TestHost } from "../support/host.ts";
import { type HttpHost, startHttpHost, startProcesses } from "./processes.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const [first, second, third] = [1, 2, 3]
  .map(() => makeTestKey({ kind: "ec-p256", notAfter: Date.now() + 10 * DAY_MS }))
  .map(({ certificate }) => certificate) as [string, string, string];

for (const { name, create } of DATABASES) {
  describe(`connections that several processes refresh on ${name}`, () => {
    let database: TestDatabase;
    let host: TestHost;
    let server: Server;
    /** What is published, and who asks. */
    let certificates: readonly string[];
    let asked = 0;
    let answer: (response: ServerResponse) => void;
    const publish = (response: ServerResponse) => {
      const { entityId, ssoUrl, sloUrl = "" } = makeSigningIdp().connection();
      response.end(metadataXml({ entityId, ssoUrl, sloUrl, certificates }));
    };

    before(async () => {
      database = await create();
      answer = publish;
      server = createServer((_, response) => {
        asked += 1;
        answer(response);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      host = await startHost({ knex: database.knex, clock: { now: Date.now } });
      await host.saml.migrate();
      const metadataUrl = `https://127.0.0.1:${port}/metadata`;
      const connection = makeSigningIdp().connection({ certificates: [first], metadataUrl });
      await host.saml.saveSettings("default", openSettings(host, { connection }), "set-up");
    });
    after(async () => {
      server.closeAllConnections();
      server.close();
      await host.stop();
      await database.drop();
    });

    const known = async () => (await readShort(host)).settings.connection?.certificates.length;
    const refresh = (process: HttpHost) =>
      process.run({ kind: "refresh" }) as Promise<ConnectionsRefreshed>;

    it("once: one reads, adds and announces, whichever it is", async () => {
      certificates = [first, second];
      const processes = await startProcesses(4, () => startHttpHost(database.config));
      try {
        const done = [
          ...(await Promise.all(processes.map(refresh))),
          ...(await Promise.all(processes.map(refresh))),
        ];
        const sum = (member: keyof ConnectionsRefreshed) =>
          done.reduce((total, one) => total + one[member], 0);
        expect([sum("attempts"), sum("certificatesAdded"), sum("failed")]).to.deep.equal([1, 1, 0]);
        expect(asked).to.equal(1);
        // That of the first certificate, then of the one that was added.
        expect(sum("announced")).to.equal(2);
        expect(await known()).to.equal(2);
      } finally {
        await Promise.all(processes.map((one) => one.end()));
      }
    });

    it("and by an administrator, after the process that reads was killed", async () => {
      certificates = [first, second, third];
      const held = new Promise<void>((resolve) => {
        answer = () => resolve();
      });
      const ask = ({ url }: { readonly url: string }) =>
        fetch(`${url}/saml/settings/connections/default/metadata/refresh`, { method: "POST" });
      const dying = await startHttpHost(database.config);
      const cut = ask(dying).catch((error: unknown) => error);
      await held;
      await dying.kill();
      expect(await cut).to.be.instanceOf(Error);
      expect(await known()).to.equal(2);

      answer = publish;
      const living = await startHttpHost(database.config);
      try {
        expect(await refresh(living)).to.include({ attempts: 0 });
        expect((await ask(living)).status).to.equal(200);
        expect(await known()).to.equal(3);
      } finally {
        await living.end();
      }
    });
  });
}
