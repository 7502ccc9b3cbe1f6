import { setTimeout } from "node:timers/promises";
import type { PageAudit } from "../../../application/audit/audit.ts";
import type { ReadCatalog } from "../../../application/catalog.ts";
import type { InspectCertificates } from "../../../application/connections/read-connections.ts";
import type { Domains } from "../../../application/domains.ts";
import type { ReadLicenses } from "../../../application/licenses.ts";
import type { ReadOverview } from "../../../application/overview.ts";
import type { CheckSettings } from "../../../application/settings/check-settings.ts";
import type {
  ListReceivedValues,
  ReadTestSignIn,
} from "../../../application/test-sign-in/read-test-sign-in.ts";
import type { Actor } from "../../../domain/audit.ts";
import { MAX_CERTIFICATES } from "../../../domain/settings-rules.ts";
import type { Clock, Logger } from "../../../ports/environment.ts";
import { partFailed } from "../../../ports/errors.ts";
import type { TenantContext } from "../tenant-context.ts";
import { locateFaults } from "./form/faults.ts";
import { CHOICES, type Choice, FIELDS } from "./form/fields.ts";
import { loadList } from "./load-list.ts";
import {
  type LoadPreview,
  type LoadProof,
  loadAdministrators,
  loadOtherChanges,
  loadRules,
} from "./loaders.ts";
import { SCREENS, type ScreenId, SECTIONS, type SectionId, sectionOf } from "./screens.ts";
import type { PageTexts } from "./texts.ts";
import type { OwnCertificate, PageState, PageUrls, PageView } from "./view.ts";

export interface LoadViewDeps {
  readonly readCatalog: ReadCatalog;
  /** Whether a key of the service provider signs requests. */
  readonly canSignRequests: boolean;
  readonly limitsLicenses: boolean;
  readonly ownCertificates: readonly OwnCertificate[];
  readonly fetchesMetadata: boolean;
  readonly readOverview: ReadOverview;
  readonly inspectCertificates: InspectCertificates;
  readonly checkSettings: CheckSettings;
  readonly readLicenses: ReadLicenses;
  readonly domains: Pick<Domains, "list"> | undefined;
  readonly pageAudit: PageAudit;
  readonly loadPreview: LoadPreview;
  readonly readTestSignIn: ReadTestSignIn;
  readonly listReceivedValues: ListReceivedValues;
  readonly loadProof: LoadProof;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reads what the page shows besides the form. */
export type LoadView = (request: {
  readonly tenantContext: TenantContext;
  readonly urls: PageUrls;
  readonly texts: PageTexts;
  readonly state: PageState;
  readonly administrator: Actor;
}) => Promise<PageView>;

const NEWEST = 5;

/**
 * How long the page waits for what is counted, in milliseconds. Counting a million users whom no
 * index covers takes a second; what is later is shown when an administrator asks for it.
 */
const COUNT_WAIT_MS = 250;

export function makeLoadView(deps: LoadViewDeps): LoadView {
  const {
    readCatalog,
    canSignRequests,
    inspectCertificates,
    checkSettings,
    readLicenses,
    readOverview,
    pageAudit,
    clock,
    logger,
  } = deps;

  /**
   * A part that fails leaves the others, and the switch above all, in the administrator's hands.
   */
  async function part<T>(name: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      logger.error(partFailed(name, error));
      return undefined;
    }
  }

  async function inTime<T>(counting: Promise<T>): Promise<T | "late"> {
    const over = new AbortController();
    const late = setTimeout(COUNT_WAIT_MS, "late" as const, { signal: over.signal });
    try {
      return await Promise.race([counting, late]);
    } finally {
      over.abort();
    }
  }

  const inspected = (texts: readonly string[]) => {
    // Those above the number that can be saved stay in the form, unread.
    const read = inspectCertificates(texts.slice(0, MAX_CERTIFICATES));
    return texts.map((text, index) => ({ warnings: [], ...read[index], text }));
  };

  return async ({ tenantContext, urls, texts, state, administrator }) => {
    const { tenant } = tenantContext;
    const { stored, draft, inputs, action } = state;
    const sections = sectionsShown(state.screen, state, texts);
    const { connections } = stored.settings;
    const shown = Math.max(
      0,
      connections.findIndex(({ id }) => id === draft.connection),
    );
    const version = state.conflict?.version ?? stored.version;
    /** What no shown section needs is not read; who asks for one part is shown no other. */
    const wanted = <T>(
      within: string,
      name: string,
      read: () => Promise<T>,
      needed: readonly SectionId[] = SECTIONS.filter((section) => section === within),
    ) =>
      needed.some((section) => sections.has(section)) &&
      (inputs.live === "" || [within, ...needed].includes(inputs.live))
        ? part(name, read)
        : undefined;
    const counted = <T>(buttons: readonly string[], counting: Promise<T>) =>
      buttons.includes(action.name) ? counting : inTime(counting);
    const list = (choice: Choice) =>
      wanted(
        CHOICES[choice],
        choice,
        () =>
          loadList({
            ...{ readCatalog, tenant, choice, draft, stored: stored.settings, action },
            search: inputs.search[choice],
          }),
        ["autoProvisioning"],
      );
    const ofStatus = state.screen === "overview" ? (["status"] as const) : [];
    const read = await allOf({
      check: wanted("status", "warnings", () => checkSettings(tenant, stored.settings)),
      roles: wanted("autoProvisioning", "roles", () => readCatalog.roles(tenant), [
        "autoProvisioning",
        "rules",
        "licenses",
      ]),
      groups: list("groups"),
      organizations: list("organizations"),
      rules: wanted("rules", "rules", () => loadRules(deps, tenant, state)),
      provenDomains: wanted(
        "proven-domains",
        "proven-domains",
        async () => (await deps.domains?.list(tenant)) ?? ("off" as const),
      ),
      usage: wanted(
        "licenses",
        "licenses",
        () => counted(["count-seats", "license-report"], readLicenses.usage(tenant)),
        ["licenses", ...ofStatus],
      ),
      figures: wanted("figures", "figures", () =>
        counted(["count-figures"], readOverview.figures(tenant)),
      ),
      report:
        action.name === "license-report"
          ? wanted("licenses", "license-report", () => readLicenses.report(tenant))
          : ("not-asked" as const),
      audit: wanted("activity", "activity", () =>
        pageAudit({ tenant, filter: {}, limit: NEWEST, named: true }),
      ),
      preview:
        action.name === "preview"
          ? wanted("preview", "preview", () => deps.loadPreview(tenant, state), ["test"])
          : undefined,
      test:
        inputs.test === ""
          ? undefined
          : wanted("test", "test", () => deps.readTestSignIn(tenant, inputs.test), SECTIONS),
      proof: wanted("test", "proof", () => deps.loadProof(tenant, state)),
      changes:
        state.conflict && part("changes", () => loadOtherChanges({ pageAudit, tenant, version })),
      states: wanted(
        "connections",
        "connections",
        () => readOverview.connections(tenant, stored.settings),
        ["connections", ...ofStatus],
      ),
    });
    const { check, groups, organizations, audit, changes, proof, ...parts } = read;
    const administrators = [
      ...(sections.has("status") ? [stored.savedBy] : []),
      ...(state.conflict === undefined ? [] : [state.conflict.by]),
      ...(proof?.kind === "tested" ? [proof.by] : []),
    ];
    const names = await part("names", () =>
      loadAdministrators({ readCatalog, pageAudit }, tenant, administrators, administrator),
    );
    return {
      ...parts,
      screen: state.screen,
      sections,
      texts,
      urls,
      serviceProvider: tenantContext.serviceProvider,
      ownCertificates: deps.ownCertificates.flatMap(({ certificate, use }) =>
        inspected([certificate]).map((view) => ({ ...view, use })),
      ),
      canSignRequests,
      limitsLicenses: deps.limitsLicenses,
      fetchesMetadata: deps.fetchesMetadata,
      administrators: names ?? new Map(),
      now: clock.now(),
      stored,
      warnings: locateFaults([...(check?.faults ?? []), ...(check?.warnings ?? [])], texts, shown),
      draft,
      inputs,
      faults: locateFaults(state.faults, texts, shown),
      notice: state.notice,
      conflict: state.conflict,
      otherChanges: changes ?? [],
      providers: state.providers ?? [],
      certificates: inspected(draft.values.certificates),
      oneMoreCertificate: action.name === "add-certificate",
      lists: { groups, organizations },
      proof: proof ?? { kind: "untested" },
      activity: audit?.entries,
    };
  };
}

/** What every member resolves to. */
async function allOf<T extends object>(
  parts: T,
): Promise<{ readonly [Name in keyof T]: Awaited<T[Name]> }> {
  const names = Object.keys(parts);
  const values = await Promise.all(Object.values(parts));
  const found = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  return found as { readonly [Name in keyof T]: Awaited<T[Name]> }; // name by name the same
}

/**
 * The sections to show: those of the screen, and those with a fault, a changed field or the notice,
 * so that every link to a field leads within the page.
 */
function sectionsShown(
  screen: ScreenId,
  { faults, conflict, notice }: PageState,
  texts: PageTexts,
): ReadonlySet<SectionId> {
  const names = [
    ...locateFaults(faults, texts).map(({ field }) => field),
    ...[...(conflict?.taken ?? []), ...(conflict?.disputed ?? [])].map((field) => FIELDS[field]),
    notice?.at ?? "",
  ];
  return new Set([...SCREENS[screen], ...names.flatMap((name) => sectionOf(name) ?? [])]);
}
