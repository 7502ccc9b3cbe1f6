import { expect } from "chai";
import type { MetadataSource, Platform } from "./platform.ts";

/** An identity provider as its metadata must describe it. */
export interface PublishedIdp extends MetadataSource {
  readonly entityId: string;
  readonly ssoUrl: string;
  readonly sloUrl: string;
}

/** A request to the plugin of a platform, by HTTP. */
export function callPlugin(
  { host }: Platform,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = { "Content-Type": "application/json", ...(init.headers as object) };
  return fetch(`${host.baseUrl}/saml${path}`, { ...init, headers });
}

/** Reads the identity provider's metadata and saves settings from it, over HTTP. */
export async function connectOverHttp(
  platform: Platform,
  idp: PublishedIdp,
  changes: object = {},
): Promise<void> {
  const body = JSON.stringify({ xml: await idp.metadata() });
  const parsed = await callPlugin(platform, "/settings/parse-metadata", { method: "POST", body });
  expect(parsed.status).to.equal(200);
  const { identityProviders } = (await parsed.json()) as {
    identityProviders: {
      entityId: string;
      ssoUrl: string;
      sloUrl: string;
      certificates: string[];
    }[];
  };
  expect(identityProviders).to.have.lengthOf(1);
  const [{ entityId, ssoUrl, sloUrl, certificates } = { certificates: [] }] = identityProviders;
  expect({ entityId, ssoUrl, sloUrl }).to.deep.equal({
    entityId: idp.entityId,
    ssoUrl: idp.ssoUrl,
    sloUrl: idp.sloUrl,
  });
  const read = await callPlugin(platform, "/settings");
  const settings = {
    ...((await read.json()) as object),
    enabled: true,
    connection: {
      ...{ entityId, ssoUrl, sloUrl, certificates },
      ...{ idpInitiated: true, signRequests: true },
      ...{ weakAlgorithms: [], acceptExpiredCertificates: false },
    },
    autoProvisioning: {
      ...{ enabled: true, role: "lite", privilegedRoleConfirmed: false, groups: [] },
      organizations: { kind: "selected", ids: ["o1"] },
      whenLicensesRunOut: { kind: "deny" },
    },
    ...changes,
  };
  const saved = await callPlugin(platform, "/settings", {
    method: "PUT",
    body: JSON.stringify(settings),
    headers: { "If-Match": read.headers.get("etag") ?? "" },
  });
  expect(saved.status, await saved.text()).to.equal(200);
}
