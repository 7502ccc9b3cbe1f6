import { z } from "zod";
import type {
  IdpMetadataRead,
  InspectCertificates,
  InspectedCertificate,
  ReadIdpMetadata,
} from "../../../application/connections/read-connections.ts";
import type { PreviewDecision } from "../../../application/settings/preview-decision.ts";
import type { LoadSettings, ReadSettings } from "../../../application/settings/read-settings.ts";
import type { SaveSettings } from "../../../application/settings/save-settings.ts";
import type { CertificateFinding } from "../../../domain/certificate-rules.ts";
import { defined } from "../../../domain/defined.ts";
import { toOneConnection } from "../../../domain/one-connection.ts";
import type { VersionedSettings } from "../../../domain/settings.ts";
import { MAX_CERTIFICATES, type SettingsFault } from "../../../domain/settings-rules.ts";
import { faultsIn, type ParseSettings } from "../../settings-document/parse.ts";
import { formOf, SettingsDraft } from "../../settings-document/schema.ts";
import type { Answers, CertificateView, FindingView } from "../api-answers.ts";
import type { Handler } from "../error-boundary.ts";
import type { AdminGuard } from "../guards.ts";
import type { HostContext } from "../host-callbacks.ts";
import { type HttpProblem, problem } from "../problems.ts";
import { parseBody, parseQuery, type RequestBodies } from "../request.ts";
import { sendJson } from "../send.ts";
import { entityTag, type ReadDraft, settingsInvalid, settingsView } from "./read-draft.ts";

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
    sendJson<Answers["getSettings"]>(ctx, settingsView(read, tenantContext));
  };
}

/** Query of `PUT /settings`. Other parameters are ignored. */
export const PutSettingsQuery: z.ZodType<{ readonly untested: "accept" | "refuse" }> = z.object({
  untested: z.enum(["accept", "refuse"]).default("accept").meta({
    description:
      "`refuse`: settings that need a test sign-in, and have none that succeeded in the last 24 hours, are a fault `untested`.",
  }),
});

export interface PutSettingsRouteDeps {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly loadSettings: LoadSettings;
  readonly parseSettings: ParseSettings;
  readonly saveSettings: SaveSettings;
}

/** `PUT /settings`: saves the whole document over the version that `If-Match` names. */
export function makePutSettingsRoute(deps: PutSettingsRouteDeps): Handler {
  const { adminGuard, bodies, loadSettings, parseSettings, saveSettings } = deps;
  return async (ctx, tenantContext) => {
    const { tenant } = tenantContext;
    const administrator = await adminGuard.writing(ctx, tenantContext);
    const { untested } = parseQuery(PutSettingsQuery, ctx);
    // An unreadable body is reported before the version is checked (RFC 9110 section 13.2.1).
    const document = await bodies.json(ctx);
    const stored = await loadSettings(tenant);
    if (!matchesVersion(ctx, stored.version)) throw stale(stored);
    // A client that knows one connection only must not remove the others.
    if (formOf(document) === "one-connection" && toOneConnection(stored.settings) === undefined) {
      throw settingsInvalid([SEVERAL_STORED]);
    }
    const parsed = await parseSettings(tenant, document);
    if (!parsed.ok) throw settingsInvalid(parsed.faults);
    const saved = await saveSettings({
      tenant,
      settings: parsed.settings,
      base: stored,
      by: administrator,
      acceptUntested: untested === "accept",
    });
    if (saved.kind === "conflict") throw stale(saved.current);
    if (saved.kind === "invalid") throw settingsInvalid(faultsIn(formOf(document), saved.faults));
    ctx.set("ETag", entityTag(saved.stored.version));
    sendJson<Answers["putSettings"]>(ctx, settingsView(saved, tenantContext));
  };
}

const SEVERAL_STORED: SettingsFault = {
  path: ["connections"],
  code: "required",
  message: "There are several connections. Send all of them as a list under connections.",
};

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

/** Body of `POST /settings/preview`; `settings` is an optional draft. */
export const PreviewRequest: z.ZodType<{
  readonly email: string;
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  readonly settings?: unknown;
  readonly connection?: string;
}> = z.strictObject({
  connection: z.string().exactOptional().meta({
    description: "ID of the connection. Default: the one that the address leads to.",
  }),
  email: z.string().max(1024),
  attributes: z.record(z.string(), z.array(z.string())).exactOptional().meta({
    description: "Attributes that the identity provider would send: values by exact name.",
  }),
  settings: SettingsDraft.exactOptional(),
});

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
    const body = parseBody(PreviewRequest, await bodies.json(ctx));
    const { email, attributes = {}, settings, connection } = body;
    const draft = settings === undefined ? {} : { draft: await readDraft(tenant, settings) };
    const previewed = await previewDecision({
      tenant,
      email,
      attributes: Object.entries(attributes).map(([name, values]) => ({ name, values })),
      connection,
      ...draft,
    });
    if (previewed.kind === "invalid") {
      throw settingsInvalid(faultsIn(formOf(settings), previewed.faults), ["settings"]);
    }
    sendJson<Answers["preview"]>(ctx, previewed.preview);
  };
}

/** Body of `POST /settings/parse-metadata`. */
export const ParseMetadataRequest: z.ZodType<{ readonly xml: string }> = z.strictObject({
  xml: z.string().meta({ description: "The XML document; no URL is fetched." }),
});

/**
 * `POST /settings/parse-metadata`: reads an identity provider's metadata; saves and fetches
 * nothing.
 */
export function makeParseMetadataRoute({
  adminGuard,
  bodies,
  readIdpMetadata,
}: {
  readonly adminGuard: AdminGuard;
  readonly bodies: RequestBodies;
  readonly readIdpMetadata: ReadIdpMetadata;
}): Handler {
  return async (ctx, tenantContext) => {
    await adminGuard.writing(ctx, tenantContext);
    const { xml } = parseBody(ParseMetadataRequest, await bodies.json(ctx));
    sendJson<Answers["parseMetadata"]>(ctx, readMetadataAnswer(readIdpMetadata(xml), "/xml"));
  };
}

/**
 * What metadata says, whichever way it came.
 *
 * @throws HttpProblem 422 if it is no metadata.
 */
export function readMetadataAnswer(
  read: IdpMetadataRead,
  pointer: string,
): Answers["parseMetadata"] {
  if (read.kind === "invalid") {
    throw problem("metadata-invalid", {
      errors: [{ pointer, code: "metadata-invalid", detail: read.detail }],
    });
  }
  const identityProviders = read.identityProviders.map(({ notes, ...provider }) => ({
    ...provider,
    ...defined({ notes: notes?.map(({ message }) => message) }),
  }));
  const leftOut = read.leftOut.map(({ message, text: _text, values: _values, ...one }) => ({
    ...one,
    detail: message,
  }));
  return { identityProviders, leftOut };
}

/** Body of `POST /settings/inspect-certificates`. */
export const InspectCertificatesRequest: z.ZodType<{ readonly certificates: readonly string[] }> =
  z.strictObject({
    certificates: z
      .array(z.unknown())
      .max(MAX_CERTIFICATES)
      .pipe(z.array(z.string().max(20_000)))
      .meta({ description: "X.509, PEM or Base64." }),
  });

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
    const { certificates } = parseBody(InspectCertificatesRequest, await bodies.json(ctx));
    sendJson<Answers["inspectCertificates"]>(ctx, {
      certificates: inspectCertificates(certificates).map(certificateView),
    });
  };
}

/** What validating a certificate says. */
export function certificateView({ facts, fault, warnings }: InspectedCertificate): CertificateView {
  return {
    ...defined({ facts }),
    ...(fault === undefined ? {} : { fault: finding(fault) }),
    warnings: warnings.map(finding),
  };
}

function finding({ code, message }: CertificateFinding): FindingView {
  return { code, detail: message };
}
