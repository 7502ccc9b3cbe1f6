import type { ReadCatalog } from "../../../application/catalog.ts";
import type {
  PendingChange,
  ResolvePendingChange,
} from "../../../application/connections/pending-change.ts";
import type {
  FetchIdpMetadata,
  IdentityProviderRead,
  ReadIdpMetadata,
} from "../../../application/connections/read-connections.ts";
import type { RefreshConnection } from "../../../application/connections/refresh-connections.ts";
import type { Domains } from "../../../application/domains.ts";
import type { ReadOverview } from "../../../application/overview.ts";
import type { CheckSettings } from "../../../application/settings/check-settings.ts";
import type { DisableSignIn } from "../../../application/settings/disable-sign-in.ts";
import type { LoadSettings } from "../../../application/settings/read-settings.ts";
import type { BeginTestSignIn } from "../../../application/test-sign-in/start-test-sign-in.ts";
import { ATTRIBUTE_PRESETS } from "../../../domain/attribute-presets.ts";
import { toOneConnection } from "../../../domain/one-connection.ts";
import { connectionById, isConnected, type VersionedSettings } from "../../../domain/settings.ts";
import type { LeftOutOfMetadata } from "../../../ports/identity-port.ts";
import type { ParseSettings } from "../../settings-document/parse.ts";
import { CHOICES, type Choice, type FormAction, keysOf, type Values } from "./form/fields.ts";
import {
  chosen,
  documentOf,
  formStateOf,
  isEdited,
  sameValues,
  valuesOf,
  withoutArmour,
} from "./form/form-state.ts";
import { withoutIds } from "./form/merge.ts";
import type { Inputs } from "./form/read-form.ts";
import { missingIds } from "./load-list.ts";
import type { SaveDraft } from "./save-draft.ts";
import { inWords, type PageTexts } from "./texts.ts";
import type { ActionRequest, ActionResult, Notice, PageState } from "./view.ts";

export interface PageActionsDeps {
  readonly readIdpMetadata: ReadIdpMetadata;
  /** Whether a key of the service provider signs requests. */
  readonly canSignRequests: boolean;
  readonly readCatalog: ReadCatalog;
  readonly checkSettings: CheckSettings;
  readonly parseSettings: ParseSettings;
  readonly domains: Domains | undefined;
  readonly beginTestSignIn: BeginTestSignIn;
  readonly disableSignIn: DisableSignIn;
  readonly saveDraft: SaveDraft;
  readonly loadSettings: LoadSettings;
  readonly fetchIdpMetadata: FetchIdpMetadata;
  /** Whether the host lets metadata be fetched. */
  readonly fetchesMetadata: boolean;
  readonly refreshConnection: RefreshConnection;
  readonly resolvePendingChange: ResolvePendingChange;
  readonly readOverview: Pick<ReadOverview, "connections">;
}

/** Carries out what a button of the page stands for. */
export type PageActions = (request: ActionRequest) => Promise<ActionResult>;

export function makePageActions(deps: PageActionsDeps): PageActions {
  const { readCatalog, parseSettings, beginTestSignIn, disableSignIn, saveDraft } = deps;

  /** Stores the form values for a test sign-in of the administrator. */
  async function beginTest(
    { tenantContext: { tenant }, administrator, texts }: ActionRequest,
    { draft, stored, inputs }: PageState,
  ): Promise<Partial<PageState>> {
    const parsed = await parseSettings(tenant, documentOf(draft, stored.settings, true));
    if (!parsed.ok) return { status: 422, faults: parsed.faults };
    const begun = await beginTestSignIn({
      tenant,
      draft: parsed.settings,
      connection: draft.connection,
      by: administrator.id,
    });
    if (begun.kind === "invalid") return { status: 422, faults: begun.faults };
    return {
      inputs: { ...inputs, test: begun.id },
      notice: { kind: "done", text: texts.notices.testBegun, at: "test" },
    };
  }

  /** Takes effect immediately, on exactly the change that was shown. */
  async function resolveChange(
    { tenantContext: { tenant }, administrator, posted, texts }: ActionRequest,
    state: PageState,
  ): Promise<ActionResult> {
    const { name, argument: tag } = posted.action;
    const { connection } = state.draft;
    const resolution = name === "accept-change" ? ("accept" as const) : ("dismiss" as const);
    const by = administrator;
    const resolved = await deps.resolvePendingChange({ tenant, connection, tag, by, resolution });
    const t = texts.connections;
    if (resolved.kind === "invalid") {
      return { kind: "page", state: { ...state, status: 422, faults: resolved.faults } };
    }
    if (resolved.kind === "changed") {
      const notice = { kind: "failed", text: t.gone, at: "connections" } as const;
      return { kind: "page", state: { ...state, status: 409, notice } };
    }
    const { stored } = resolved;
    const text = resolution === "accept" ? t.accepted : t.dismissed;
    const notice = { kind: "done", text, at: "connections" } as const;
    // What is typed stays; the next save merges it with what was accepted.
    const draft = nothingTyped(state) ? formStateOf(stored, connection) : state.draft;
    return { kind: "page", state: { ...state, stored, draft, notice } };
  }

  /** Puts the change that waits into the form, where a test sign-in can try it. */
  async function tryChange(
    { tenantContext: { tenant }, posted, texts: { connections: t } }: ActionRequest,
    { stored, draft }: PageState,
  ): Promise<Partial<PageState>> {
    const states = await deps.readOverview.connections(tenant, stored.settings);
    const pending = states.find(({ id }) => id === draft.connection)?.metadata?.pending;
    if (pending === undefined || pending.tag !== posted.action.argument) {
      return { status: 409, notice: { kind: "failed", text: t.gone, at: "connections" } };
    }
    return {
      draft: { ...draft, values: { ...draft.values, ...changedBy(pending, draft.values) } },
      notice: { kind: "done", text: t.tried, at: "connections" },
    };
  }

  async function refresh(
    { tenantContext: { tenant } }: ActionRequest,
    state: PageState,
  ): Promise<Partial<PageState>> {
    const connection = connectionById(state.stored.settings, state.draft.connection);
    if (connection === undefined || !isConnected(connection)) return {};
    await deps.refreshConnection({ tenant, connection });
    const stored = await deps.loadSettings(tenant);
    return nothingTyped(state) ? { stored, draft: formStateOf(stored, connection.id) } : { stored };
  }

  return async (request) => {
    const { posted, stored, tenantContext, administrator } = request;
    const state: PageState = { screen: request.screen, status: 200, stored, faults: [], ...posted };
    const page = (change: Partial<PageState> = {}): ActionResult => ({
      kind: "page",
      state: { ...state, ...change },
    });
    switch (posted.action.name) {
      case "open":
        return nothingTyped(state) && state.inputs.test === "" ? reopened(state) : page();
      case "save":
      case "enable":
      case "add-connection":
      case "remove-connection":
      case "connection-up":
        return saveDraft(request, state);
      case "accept-change":
      case "dismiss-change":
        return resolveChange(request, state);
      case "try-change":
        return page(await tryChange(request, state));
      case "refresh-metadata":
        return page(await refresh(request, state));
      case "test":
        return page(await beginTest(request, state));
      case "add-domain":
      case "check-domain":
      case "remove-domain":
        return page(await proveDomain(deps.domains, request, state));
      case "disable": {
        const after = await disableSignIn({ tenant: tenantContext.tenant, by: administrator });
        return switchedOff(state, after, request.texts);
      }
      case "read-metadata":
      case "fetch-metadata":
      case "choose-provider":
        return page(await readMetadata(deps, state, request.texts));
      case "choose-idp": {
        const inputs = { ...state.inputs, preset: posted.action.argument };
        const known = ATTRIBUTE_PRESETS.some(({ vendor }) => vendor === inputs.preset);
        return page(known ? applyPreset({ ...state, inputs }, request.texts, "guide") : { inputs });
      }
      case "apply-preset":
        return page(applyPreset(state, request.texts, "email"));
      case "groups-clear":
      case "organizations-clear":
        return page({ inputs: withoutSearch(state.inputs, posted.action) });
      case "groups-drop-missing":
      case "organizations-drop-missing":
        return page(await dropMissing(readCatalog, request, state));
      default:
        return page();
    }
  };
}

/** Whether the page may be read again, as it was opened. */
function nothingTyped({ draft, inputs }: PageState): boolean {
  return !isEdited(draft) && inputs.metadata === "";
}

/** The screen without the form that was posted. */
function reopened({ draft, stored }: PageState): ActionResult {
  const several = toOneConnection(stored.settings) === undefined;
  return { kind: "reopen", done: undefined, ...(several ? { shown: draft.connection } : {}) };
}

/** Takes effect immediately: domains are not part of the settings. */
async function proveDomain(
  domains: Domains | undefined,
  { tenantContext: { tenant }, administrator, texts: { provenDomains: t } }: ActionRequest,
  { action, inputs }: PageState,
): Promise<Partial<PageState>> {
  const noted = (kind: Notice["kind"], text: string) => ({
    ...(kind === "failed" ? { status: 422 } : {}),
    notice: { kind, text, at: "proven-domains" },
  });
  if (domains === undefined) return {};
  const { argument } = action;
  if (action.name === "remove-domain") {
    const removed = await domains.remove(tenant, argument, administrator);
    return removed ? noted("done", t.removed(argument)) : noted("failed", t.gone);
  }
  if (action.name === "check-domain") {
    const checked = await domains.check(tenant, argument, administrator);
    if (checked === undefined) return noted("failed", t.gone);
    const { answer, domain } = checked;
    return noted(answer === "found" ? "done" : "failed", t[answer](domain.domain));
  }
  const added = await domains.add(tenant, inputs.newDomain);
  if (typeof added === "string") {
    return noted("failed", added === "too-many" ? t.tooMany : t.invalid);
  }
  return { ...noted("done", t.added(added.domain)), inputs: { ...inputs, newDomain: "" } };
}

/** Keeps the typed values; only the switch was saved. */
function switchedOff(state: PageState, after: VersionedSettings, texts: PageTexts): ActionResult {
  const { draft } = state;
  if (nothingTyped(state)) return { kind: "reopen", done: "switched-off" };
  // Concurrent changes since the form was created still have to be merged.
  const nothingElse = sameValues(draft.base.values, valuesOf(after.settings, draft.connection));
  const base = nothingElse ? { ...draft.base, version: after.version } : draft.base;
  return {
    kind: "page",
    state: {
      ...state,
      stored: after,
      draft: { ...draft, base },
      notice: { kind: "done", text: texts.notices.switchedOffTyped },
    },
  };
}

async function readMetadata(
  { readIdpMetadata, fetchIdpMetadata, fetchesMetadata, canSignRequests }: PageActionsDeps,
  { inputs, draft, action }: PageState,
  texts: PageTexts,
): Promise<Partial<PageState>> {
  const { notices: t } = texts;
  const { metadataUrl } = draft.values;
  const isPasted = action.name !== "fetch-metadata" && inputs.metadata.trim() !== "";
  if (!isPasted && (action.name === "read-metadata" || metadataUrl === "")) {
    return { status: 422, notice: { kind: "failed", text: t.metadataMissing, at: "connection" } };
  }
  // Consoles hand out addresses: what is meant is what is found there.
  if (isPasted && /^https?:\/\/\S+$/i.test(inputs.metadata.trim())) {
    const text = fetchesMetadata ? t.addressPasted : t.addressOnly;
    const values = { ...draft.values, metadataUrl: inputs.metadata.trim() };
    return {
      status: 422,
      notice: { kind: "failed", text, at: "connection" },
      ...(fetchesMetadata
        ? { draft: { ...draft, values }, inputs: { ...inputs, metadata: "" } }
        : {}),
    };
  }
  const parsed = isPasted ? readIdpMetadata(inputs.metadata) : await fetchIdpMetadata(metadataUrl);
  if (parsed.kind === "off" || parsed.kind === "failed") {
    const text =
      parsed.kind === "failed"
        ? `${t.metadataNotFetched} ${texts.metadataFailures[parsed.code]} (${parsed.detail})`
        : t.metadataNotFetched;
    return { status: 422, notice: { kind: "failed", text, at: "connection" } };
  }
  if (parsed.kind === "invalid") {
    const text = `${t.metadataInvalid} ${parsed.detail}`;
    return { status: 422, notice: { kind: "failed", text, at: "connection" } };
  }
  const providers = parsed.identityProviders;
  const chosenOne =
    action.name === "choose-provider"
      ? providers[Number.parseInt(action.argument, 10)]
      : providers.length === 1
        ? providers[0]
        : undefined;
  if (chosenOne === undefined) {
    return { providers, notice: { kind: "done", text: t.chooseProvider, at: "connection" } };
  }
  return {
    draft: { ...draft, values: { ...draft.values, ...connectionFrom(chosenOne, canSignRequests) } },
    inputs: { ...inputs, metadata: "" },
    notice: {
      kind: "done",
      text: [
        t.metadataRead,
        ...(chosenOne.notes ?? []).map((note) => inWords(note, texts)),
        ...leftOutOf(chosenOne, parsed.leftOut, texts),
      ].join(" "),
      at: "connection",
    },
  };
}

/** Which certificates of the chosen identity provider are not in the form, and why. */
function leftOutOf(
  { entityId }: IdentityProviderRead,
  all: readonly LeftOutOfMetadata[],
  texts: PageTexts,
): readonly string[] {
  return all.flatMap(({ entityId: of, certificate, subject, ...why }) =>
    of === entityId && certificate !== undefined
      ? [texts.notices.certificateLeftOut(certificate, subject, inWords(why, texts))]
      : [],
  );
}

/** What a change of metadata makes of the form. */
function changedBy({ members, removed, added }: PendingChange, values: Values): Partial<Values> {
  const to = new Map(members.map((change) => [change.member, change.to ?? ""]));
  const gone = new Set(removed.map(({ text }) => withoutArmour(text)));
  const isPost = (member: "ssoBinding" | "sloBinding", before: boolean) =>
    to.has(member) ? to.get(member) === "post" : before;
  return {
    ssoUrl: to.get("ssoUrl") ?? values.ssoUrl,
    sloUrl: to.get("sloUrl") ?? values.sloUrl,
    sloResponseUrl: to.get("sloResponseUrl") ?? values.sloResponseUrl,
    ssoByPost: isPost("ssoBinding", values.ssoByPost),
    sloByPost: isPost("sloBinding", values.sloByPost),
    certificates: [
      ...values.certificates.filter((text) => !gone.has(withoutArmour(text))),
      ...added.map(({ text }) => text),
    ],
  };
}

function connectionFrom(provider: IdentityProviderRead, canSignRequests: boolean): Partial<Values> {
  const { entityId, ssoUrl, ssoBinding, sloUrl, sloResponseUrl, sloBinding } = provider;
  const { certificates, wantsSignedRequests } = provider;
  return {
    entityId,
    ssoUrl,
    ssoByPost: ssoBinding === "post",
    sloUrl: sloUrl ?? "",
    sloResponseUrl: sloResponseUrl ?? "",
    sloByPost: sloBinding === "post",
    certificates,
    ...(wantsSignedRequests && canSignRequests ? { signRequests: true } : {}),
  };
}

function applyPreset(
  state: PageState,
  { notices: t }: PageTexts,
  at: "guide" | "email",
): Partial<PageState> {
  const { draft, inputs } = state;
  const preset = ATTRIBUTE_PRESETS.find(({ vendor }) => vendor === inputs.preset);
  if (preset === undefined) {
    return { status: 422, notice: { kind: "failed", text: t.presetMissing, at } };
  }
  const { emailSource } = preset;
  const values = {
    ...draft.values,
    emailSource: emailSource.kind,
    emailAttribute: emailSource.kind === "attribute" ? emailSource.name : "",
    displayName: preset.profile.displayName ?? "",
    firstName: preset.profile.firstName ?? "",
    lastName: preset.profile.lastName ?? "",
  };
  return {
    draft: { ...draft, values },
    inputs,
    ...(at === "guide" ? {} : { notice: { kind: "done", text: t.presetApplied(preset.name), at } }),
  };
}

function withoutSearch(inputs: Inputs, action: FormAction): Inputs {
  const cleared = keysOf(CHOICES).filter((choice) => action.name === `${choice}-clear`);
  const search = Object.fromEntries(cleared.map((choice) => [choice, ""]));
  return { ...inputs, search: { ...inputs.search, ...search } };
}

async function dropMissing(
  readCatalog: ReadCatalog,
  { tenantContext, posted, texts }: ActionRequest,
  { draft, stored }: PageState,
): Promise<Partial<PageState>> {
  const choice: Choice = posted.action.name.startsWith("groups") ? "groups" : "organizations";
  const ids = chosen(draft, stored.settings, choice);
  const gone = await missingIds({ readCatalog, tenant: tenantContext.tenant, choice }, ids);
  const changes = { ...draft.changes, [choice]: withoutIds(draft.changes[choice], gone) };
  return {
    draft: { ...draft, changes },
    notice: {
      kind: "done",
      text: texts.notices.missingDropped(gone.length),
      at: "autoProvisioning",
    },
  };
}
