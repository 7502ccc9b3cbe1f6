import type {
  InspectCertificates,
  InspectedCertificate,
} from "../../../application/connections/read-connections.ts";
import type { ReadLicenseUsage } from "../../../application/licenses.ts";
import type { PreviewDecision } from "../../../application/settings/preview-decision.ts";
import type { SaveSettings } from "../../../application/settings/save-settings.ts";
import type { ReadSettings } from "../../../application/settings/stored-settings.ts";
import type { CertificateFinding } from "../../../domain/certificate-rules.ts";
import { UNSAVED_SETTINGS, type VersionedSettings } from "../../../domain/settings.ts";
import type { IdentityPort } from "../../../ports/identity-port.ts";
import type { SettingsStore } from "../../../ports/settings-store.ts";
import type { ParseSettings } from "../../settings-document/parse.ts";
import type { AdminGuard } from "../guards.ts";
import type { HostContext } from "../host-callbacks.ts";
import { type HttpProblem, problem } from "../problems.ts";
import type { RequestBodies } from "../request.ts";
import { parsedBody, parsedQuery } from "../request.ts";
import { sendJson } from "../responses.ts";
import type { Handler } from "../route.ts";
import type { ReadDraft } from "./draft.ts";
import { settingsInvalid } from "./draft.ts";
import {
  InspectCertificatesRequest,
  ParseMetadataRequest,
  PreviewRequest,
  PutSettingsQuery,
} from "./schemas.ts";
import { entityTag, settingsView } from "./view.ts";

/** `GET /settings`: the settings document with an `ETag`. */
export function makeGetSettingsRoute({
  adminGuard,
  readSettings,
}: {
  readonly adminGuard: AdminGuard;
  readonly readSettings: ReadSettings;
}): Handler {
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    const read = await readSettings(tenantContext.tenant);
    ctx.set("ETag", entityTag(read.stored.version));
    sendJson(ctx, settingsView(read, tenantContext));
  };
}

export interface PutSettingsRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly settings: SettingsStore;
  readonly parseSettings: ParseSettings;
  readonly saveSettings: SaveSettings;
}

/** `PUT /settings`: saves the whole document over the version that `If-Match` names. */
export function makePutSettingsRoute(deps: PutSettingsRouteDeps): Handler {
  const { adminGuard, bodies, settings, parseSettings, saveSettings } = deps;
  return async (ctx, tenantContext) => {
    const { tenant } = tenantContext;
    const administrator = await adminGuard.writing(ctx, tenantContext);
    const { untested } = parsedQuery(PutSettingsQuery, ctx);
    // An unreadable body is reported before the version is checked (RFC 9110 section 13.2.1).
    const document = await bodies.json(ctx);
    const stored = (await settings.load(tenant)) ?? UNSAVED_SETTINGS;
    if (!matchesVersion(ctx, stored.version)) throw stale(stored);
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) throw settingsInvalid(parsed.faults);
    const saved = await saveSettings({
      tenant,
      settings: parsed.settings,
      base: stored,
      by: administrator.id,
      acceptUntested: untested === "accept",
    });
    if (saved.kind === "conflict") throw stale(saved.current);
    if (saved.kind === "invalid") throw settingsInvalid(saved.faults);
    ctx.set("ETag", entityTag(saved.stored.version));
    sendJson(ctx, settingsView(saved, tenantContext));
  };
}

function stale({ version, savedBy, savedAt }: VersionedSettings): HttpProblem {
  const current = { version, ...(version === 0 ? {} : { savedBy, savedAt }) };
  return problem("settings-changed", { current }, { ETag: entityTag(version) });
}

/**
 * Whether `If-Match` (RFC 9110 section 13.1.1) names `version`. `*` says nothing about what was
 * read, so it does not count as a condition; weak tags never match.
 *
 * @throws HttpProblem 428 when there is no condition.
 */
export function matchesVersion(ctx: HostContext, version: number): boolean {
  const tags = ctx
    .get("If-Match")
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
  if (tags.length === 0 || tags.includes("*")) {
    throw problem("if-match-required");
  }
  return tags.includes(entityTag(version));
}

/** `GET /settings/license-usage`: seats taken, and how many by auto-provisioning. */
export function makeLicenseUsageRoute({
  adminGuard,
  readLicenseUsage,
}: {
  readonly adminGuard: AdminGuard;
  readonly readLicenseUsage: ReadLicenseUsage;
}): Handler {
  return async (ctx, tenantContext) => {
    await adminGuard.reading(ctx, tenantContext);
    sendJson(ctx, await readLicenseUsage(tenantContext.tenant));
  };
}

/** `POST /settings/preview`: previews the sign-in of an address. */
export function makePreviewRoute({
  adminGuard,
  bodies,
  readDraft,
  previewDecision,
}: {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly readDraft: ReadDraft;
  readonly previewDecision: PreviewDecision;
}): Handler {
  return async (ctx, tenantContext) => {
    const { tenant } = tenantContext;
    await adminGuard.writing(ctx, tenantContext);
    const { email, settings } = parsedBody(PreviewRequest, await bodies.json(ctx));
    const draft = settings === undefined ? {} : { draft: await readDraft(tenant, settings) };
    const previewed = await previewDecision({ tenant, email, ...draft });
    if (previewed.kind === "invalid") throw settingsInvalid(previewed.faults, ["settings"]);
    sendJson(ctx, previewed.preview);
  };
}

/**
 * `POST /settings/parse-metadata`: reads an identity provider's metadata; saves and fetches
 * nothing.
 */
export function makeParseMetadataRoute({
  adminGuard,
  bodies,
  identity,
}: {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly identity: IdentityPort;
}): Handler {
  return async (ctx, tenantContext) => {
    await adminGuard.writing(ctx, tenantContext);
    const { xml } = parsedBody(ParseMetadataRequest, await bodies.json(ctx));
    const parsed = identity.parseIdpMetadata(xml);
    if (parsed.kind === "invalid") {
      throw problem("metadata-invalid", {
        errors: [{ pointer: "/xml", code: "metadata-invalid", detail: parsed.detail }],
      });
    }
    const identityProviders = parsed.identityProviders.map((provider) => ({
      ...provider,
      certificateFacts: provider.certificates.map(
        (certificate) => identity.inspectCertificate(certificate) ?? null,
      ),
    }));
    sendJson(ctx, { identityProviders });
  };
}

/** `POST /settings/inspect-certificates`: validates certificates without saving them. */
export function makeInspectCertificatesRoute({
  adminGuard,
  bodies,
  inspectCertificates,
}: {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly inspectCertificates: InspectCertificates;
}): Handler {
  return async (ctx, tenantContext) => {
    await adminGuard.writing(ctx, tenantContext);
    const { certificates } = parsedBody(InspectCertificatesRequest, await bodies.json(ctx));
    sendJson(ctx, { certificates: inspectCertificates(certificates).map(view) });
  };
}

function view({ facts, fault, warnings }: InspectedCertificate) {
  return {
    ...(facts === undefined ? {} : { facts }),
    ...(fault === undefined ? {} : { fault: finding(fault) }),
    warnings: warnings.map(finding),
  };
}

function finding({ code, message }: CertificateFinding) {
  return { code, detail: message };
}
