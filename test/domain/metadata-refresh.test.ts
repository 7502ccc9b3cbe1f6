import { expect } from "chai";
import fc from "fast-check";
import { describe, it } from "mocha";
import { defined } from "../../src/domain/defined.ts";
import {
  certificatesToAdd,
  differenceOf,
  type FollowingConnection,
  fingerprintsOf,
  knownAfter,
  METADATA_FAILURES,
  type MetadataFailureCode,
  nextAttempt,
  noticeDays,
  type PublishedCertificate,
  type PublishedMetadata,
  withPublished,
} from "../../src/domain/metadata-refresh.ts";
import type { IdentityProvider } from "../../src/domain/settings.ts";
import { MAX_CERTIFICATES } from "../../src/domain/settings-rules.ts";

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const certificate = (name: string, notAfter = NOW + DAY): PublishedCertificate => ({
  text: `text of ${name}`,
  fingerprint: name,
  notAfter,
});
const [A, B, C] = ["A", "B", "C"].map((name) => certificate(name)) as [
  PublishedCertificate,
  PublishedCertificate,
  PublishedCertificate,
];
const EXPIRED = certificate("expired", NOW);

const idp = (
  certificates: readonly PublishedCertificate[],
  changes: Partial<IdentityProvider> = {},
): FollowingConnection => ({
  idp: {
    entityId: "https://idp.example",
    ssoUrl: "https://idp.example/sso",
    certificates: certificates.map(({ text }) => text),
    idpInitiated: true,
    signRequests: false,
    weakAlgorithms: [],
    acceptExpiredCertificates: false,
    metadataUrl: "https://idp.example/metadata",
    ...changes,
  },
  certificates,
});
const published = (
  certificates: readonly PublishedCertificate[],
  changes: Partial<PublishedMetadata> = {},
): PublishedMetadata => ({ ssoUrl: "https://idp.example/sso", certificates, ...changes });

// Few names, so that both sides often have the same; some are of certificates that have expired.
const LEFT = {
  A: 1,
  B: DAY,
  C: DAY,
  D: DAY,
  E: 0,
  F: -DAY,
  G: DAY,
  H: DAY,
  I: DAY,
  J: DAY,
  K: DAY,
};
const someCertificates = fc
  .uniqueArray(fc.constantFrom(...Object.entries(LEFT)))
  .map((list) => list.map(([name, left]) => certificate(name, NOW + left)));
const url = fc.constantFrom(undefined, "https://one.example/", "https://two.example/");
const binding = fc.constantFrom(undefined, "redirect" as const, "post" as const);
const members = fc
  .record({ sloUrl: url, sloResponseUrl: url, ssoBinding: binding, sloBinding: binding })
  .map((all) => defined(all));

describe("certificates that metadata adds", () => {
  it("are those that neither the connection nor its metadata ever had", () => {
    expect(certificatesToAdd(idp([A]), published([A, B, C]), [], NOW)).to.deep.equal([B, C]);
    expect(certificatesToAdd(idp([A]), published([A, B, C]), ["B"], NOW)).to.deep.equal([C]);
    expect(certificatesToAdd(idp([A]), published([B]), ["A"], NOW)).to.deep.equal([B]);
  });

  it("are valid, to the millisecond", () => {
    const last = certificate("last", NOW + 1);
    expect(certificatesToAdd(idp([]), published([EXPIRED, last]), [], NOW)).to.deep.equal([last]);
  });

  it("are no more than fit", () => {
    const many = Array.from({ length: MAX_CERTIFICATES + 3 }, (_, index) =>
      certificate(`number ${index}`),
    );
    const fits = certificatesToAdd(idp([A, B]), published(many), [], NOW);
    expect(fits).to.deep.equal(many.slice(0, MAX_CERTIFICATES - 2));
    expect(certificatesToAdd(idp(many), published([A]), [], NOW)).to.deep.equal([]);
  });

  it("whatever there is: new, valid, and never too many", () => {
    fc.assert(
      fc.property(someCertificates, someCertificates, someCertificates, (here, there, before) => {
        const known = fingerprintsOf(before);
        const added = certificatesToAdd(idp(here), published(there), known, NOW);
        const old = new Set([...known, ...fingerprintsOf(here)]);
        expect(added.every((one) => there.includes(one))).to.equal(true);
        expect(added.some(({ fingerprint }) => old.has(fingerprint))).to.equal(false);
        expect(added.every(({ notAfter }) => notAfter > NOW)).to.equal(true);
        expect(added.length + here.length).to.be.at.most(Math.max(MAX_CERTIFICATES, here.length));
      }),
    );
  });
});

describe("what waits for an administrator", () => {
  it("is nothing where both say the same, however they say it", () => {
    expect(differenceOf(idp([A]), published([A]), NOW)).to.equal(undefined);
    expect(differenceOf(idp([A, B]), published([B, A]), NOW)).to.equal(undefined);
    expect(differenceOf(idp([A]), published([A, EXPIRED]), NOW)).to.equal(undefined);
    // An absent binding is HTTP-Redirect, and one without its URL is none.
    const [said, unsaid] = [{ ssoBinding: "redirect" }, {}] as const;
    expect(differenceOf(idp([A], said), published([A], unsaid), NOW)).to.equal(undefined);
    expect(differenceOf(idp([A], unsaid), published([A], said), NOW)).to.equal(undefined);
    const pointless = { sloBinding: "post" } as const;
    expect(differenceOf(idp([A]), published([A], pointless), NOW)).to.equal(undefined);
  });

  it("is each other URL and binding, from what is saved to what is published", () => {
    const [from, to] = ["https://idp.example/sso", "https://idp.example/other"];
    const changes = {
      ssoUrl: to,
      ssoBinding: "post",
      sloUrl: to,
      sloResponseUrl: to,
      sloBinding: "post",
    } as const;
    expect(differenceOf(idp([A]), published([A], changes), NOW)).to.deep.equal({
      members: [
        { member: "ssoUrl", from, to },
        { member: "ssoBinding", to: "post" },
        { member: "sloUrl", to },
        { member: "sloResponseUrl", to },
        { member: "sloBinding", to: "post" },
      ],
      removed: [],
      added: [],
    });
    expect(differenceOf(idp([A], changes), published([A]), NOW)?.members).to.deep.equal([
      { member: "ssoUrl", from: to, to: from },
      { member: "ssoBinding", from: "post" },
      { member: "sloUrl", from: to },
      { member: "sloResponseUrl", from: to },
      { member: "sloBinding", from: "post" },
    ]);
  });

  it("is what the metadata has no more, and what it has again", () => {
    expect(differenceOf(idp([A, B]), published([B, C]), NOW)).to.deep.equal({
      members: [],
      removed: [A],
      added: [C],
    });
    // One that has expired is removed, and never added.
    const gone = differenceOf(idp([A, EXPIRED]), published([A]), NOW);
    expect(gone).to.deep.equal({ members: [], removed: [EXPIRED], added: [] });
  });

  it("is nothing any more once it is accepted, and everything else stays", () => {
    fc.assert(
      fc.property(
        someCertificates,
        members,
        someCertificates,
        members,
        (here, set, there, said) => {
          const connection = idp(here, { ...set, forceAuthn: true });
          const metadata = published(there, said);
          const difference = differenceOf(connection, metadata, NOW);
          if (difference === undefined) return;
          const accepted = withPublished(connection, metadata, difference);
          const texts = new Map([...here, ...there].map((one) => [one.text, one]));
          const certificates = accepted.certificates.flatMap((text) => texts.get(text) ?? []);
          const after = { idp: accepted, certificates };
          expect(differenceOf(after, metadata, NOW)).to.equal(undefined);
          for (const name of ["ssoUrl", "sloUrl", "sloResponseUrl"] as const) {
            expect(accepted[name]).to.equal(metadata[name]);
          }
          // Those that both have keep their places; what is added comes last.
          const kept = here.filter(({ fingerprint }) =>
            fingerprintsOf(there).includes(fingerprint),
          );
          expect(certificates).to.deep.equal([...kept, ...difference.added]);
          const { entityId, metadataUrl, forceAuthn, idpInitiated } = connection.idp;
          expect(accepted).to.include({ entityId, metadataUrl, forceAuthn, idpInitiated });
        },
      ),
    );
  });
});

describe("known certificates", () => {
  it("are all that have been seen, each once, the newest last", () => {
    expect(knownAfter(["A", "B"], [A, C])).to.deep.equal(["B", "A", "C"]);
    expect(knownAfter([], [])).to.deep.equal([]);
  });

  it("are the last two hundred", () => {
    const many = Array.from({ length: 205 }, (_, index) => certificate(`${index}`));
    const known = knownAfter(["old"], many);
    expect(known).to.have.lengthOf(200);
    expect([known[0], known.at(-1)]).to.deep.equal(["5", "204"]);
  });
});

describe("the codes of failures", () => {
  // The type closes this list: one that is missing, or too many, does not compile.
  const CODES: Record<MetadataFailureCode, true> = {
    "url-refused": true,
    "not-reachable": true,
    "too-slow": true,
    "too-large": true,
    "too-many-redirects": true,
    "status-unexpected": true,
    "encoding-unsupported": true,
    "metadata-invalid": true,
    "entity-missing": true,
    "host-failed": true,
  };

  it("are all listed", () => expect(METADATA_FAILURES).to.deep.equal(Object.keys(CODES)));
});

describe("the next attempt", () => {
  for (const [failures, minutes] of [
    [0, 40],
    [1, 5],
    [2, 10],
    [3, 20],
    [9, 1280],
    [10, 1440],
    [11, 1440],
    [5000, 1440],
  ] as const) {
    it(`is due ${minutes} minutes after ${failures} failures, or half as late again`, () => {
      expect(nextAttempt(NOW, failures, 0)).to.equal(NOW + minutes * MINUTE);
      expect(nextAttempt(NOW, failures, 1)).to.equal(NOW + 1.5 * minutes * MINUTE);
      expect(nextAttempt(NOW, failures, 1 / 3)).to.equal(
        NOW + Math.floor((7 / 6) * minutes * MINUTE),
      );
    });
  }
});

describe("the notice of a certificate that expires", () => {
  for (const [left, days] of [
    [31 * DAY, undefined],
    [30 * DAY + 1, undefined],
    [30 * DAY, 30],
    [14 * DAY + 1, 30],
    [14 * DAY, 14],
    [7 * DAY + 1, 14],
    [7 * DAY, 7],
    [DAY + 1, 7],
    [DAY, 1],
    [1, 1],
    [0, undefined],
    [-DAY, undefined],
  ] as const) {
    it(`is that of ${days ?? "no"} days, ${left / DAY} days ahead`, () => {
      expect(noticeDays(NOW + left, NOW)).to.equal(days);
    });
  }
});
