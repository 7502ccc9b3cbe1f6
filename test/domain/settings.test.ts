import { expect } from "chai";
import { describe, it } from "mocha";
import {
  asEnabled,
  DEFAULT_CONNECTION_ID,
  DEFAULT_SETTINGS,
  type IdentityProvider,
  nextVersion,
  UNSAVED_SETTINGS,
  type VersionedSettings,
  WEAK_ALGORITHMS,
} from "../../src/domain/settings.ts";
import { CONNECTION, IDP, SETTINGS, savedSettings } from "./support/examples.ts";

const save = { at: 1234, by: "grace" };

function saveOver(current: VersionedSettings, idp: Partial<IdentityProvider>): VersionedSettings {
  const connections = [{ ...CONNECTION, idp: { ...IDP, ...idp } }];
  return nextVersion(current, { ...current.settings, connections }, save);
}

function connectionVersion({ connectionVersions }: VersionedSettings): number | undefined {
  return connectionVersions.get(DEFAULT_CONNECTION_ID);
}

describe("saving settings", () => {
  it("counts versions from 1, and notes who saved and when", () => {
    const first = nextVersion(UNSAVED_SETTINGS, SETTINGS, save);
    expect(first).to.deep.equal({
      settings: SETTINGS,
      version: 1,
      connectionVersions: new Map([[DEFAULT_CONNECTION_ID, 1]]),
      savedAt: 1234,
      savedBy: "grace",
    });
    expect(nextVersion(first, SETTINGS, save).version).to.equal(2);
  });

  it("keeps login requests in flight valid when something else changed", () => {
    const current = savedSettings();
    const changes: readonly Partial<IdentityProvider>[] = [
      {},
      { certificates: [...IDP.certificates, "MIIC"] },
      { idpInitiated: false },
      { sloUrl: "https://idp.example/other" },
      { signRequests: true },
    ];
    for (const change of changes) {
      expect(connectionVersion(saveOver(current, change)), JSON.stringify(change)).to.equal(3);
    }
    const defaults = { ...current.settings.autoProvisioning, role: "lite" };
    const next = { ...current.settings, autoProvisioning: defaults };
    expect(connectionVersion(nextVersion(current, next, save))).to.equal(3);
  });

  it("voids login requests in flight when the identity provider or its keys changed", () => {
    const current = savedSettings();
    const changes: readonly Partial<IdentityProvider>[] = [
      { entityId: "https://other.example/metadata" },
      { ssoUrl: "https://other.example/sso" },
      { certificates: ["MIIC"] },
      { certificates: ["MIIC", "MIID"] },
    ];
    for (const change of changes) {
      expect(connectionVersion(saveOver(current, change)), JSON.stringify(change)).to.equal(8);
    }
  });

  it("voids them when one of several certificates is withdrawn", () => {
    const certificates = [...IDP.certificates, "MIIC"];
    const both = saveOver(savedSettings(), { certificates });
    expect(connectionVersion(both)).to.equal(3);
    expect(connectionVersion(saveOver(both, { certificates: ["MIIC"] }))).to.equal(9);
    expect(
      connectionVersion(saveOver(both, { certificates: [...certificates].reverse() })),
    ).to.equal(3);
  });

  it("voids them when the connection goes, and when one comes", () => {
    const disconnected = { ...SETTINGS, connections: [] };
    const without = nextVersion(savedSettings(), disconnected, save);
    expect(connectionVersion(without)).to.equal(undefined);
    expect(connectionVersion(nextVersion(without, SETTINGS, save))).to.equal(9);
  });
});

describe("the settings of a tenant that saved none", () => {
  it("sign no one in and create no one", () => {
    expect(UNSAVED_SETTINGS.settings).to.equal(DEFAULT_SETTINGS);
    expect(DEFAULT_SETTINGS.enabled).to.equal(false);
    expect(DEFAULT_SETTINGS.autoProvisioning.enabled).to.equal(false);
    expect(DEFAULT_SETTINGS.autoProvisioning.privilegedRoleConfirmed).to.equal(false);
  });
});

describe("the settings of a tenant that has saved none", () => {
  it("sign no one in and create no one", () => {
    expect(UNSAVED_SETTINGS).to.deep.equal({
      settings: {
        enabled: false,
        connections: [],
        sharedDomains: [],
        enforcement: { enabled: false, exempt: [] },
        autoProvisioning: {
          enabled: false,
          privilegedRoleConfirmed: false,
          groups: [],
          organizations: { kind: "selected", ids: [] },
          whenLicensesRunOut: { kind: "deny" },
          rules: [],
          whenNoRuleMatches: "defaults",
        },
      },
      version: 0,
      connectionVersions: new Map(),
      savedAt: 0,
      savedBy: "",
    });
  });

  it("stay without a connection when the first save brings none", () => {
    expect(connectionVersion(nextVersion(UNSAVED_SETTINGS, DEFAULT_SETTINGS, save))).to.equal(
      undefined,
    );
  });
});

describe("a draft, tried", () => {
  it("decides as if it were enabled, and is otherwise as it is", () => {
    expect(asEnabled({ ...SETTINGS, enabled: false })).to.deep.equal({
      ...SETTINGS,
      enabled: true,
    });
  });
});

describe("weak algorithms", () => {
  it("are these three, and no other can be allowed", () => {
    expect(WEAK_ALGORITHMS).to.deep.equal(["sha1", "rsa-1_5", "triple-des"]);
  });
});
