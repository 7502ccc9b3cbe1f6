import type { PageAudit } from "../../../application/audit/audit.ts";
import type { TenantId } from "../../../domain/tenant.ts";

/** A change of something that does not stand in the form as a whole. */
export interface OtherChange {
  readonly what: OtherField;
  /** `old -> new`. */
  readonly change: string;
}

/** What the audit trail calls them. */
const PATHS = {
  enabled: "enabled",
  groups: "autoProvisioning.groups",
  organizations: "autoProvisioning.organizations.ids",
} as const;

/** The switch and the long lists: additions and removals of both administrators are in. */
export type OtherField = keyof typeof PATHS;

/** Maximum number of saves to search. */
const SAVES = 20;

/** What was changed of {@link OtherField} since `version`, newest first. */
export async function loadOtherChanges(query: {
  readonly pageAudit: PageAudit;
  readonly tenant: TenantId;
  readonly version: number;
}): Promise<readonly OtherChange[]> {
  const { pageAudit, tenant, version } = query;
  const { entries } = await pageAudit({
    tenant,
    filter: { outcomes: ["settings-saved"] },
    limit: SAVES,
  });
  return entries
    .filter(({ detail }) => Number(detail["version"]) > version)
    .flatMap(({ detail }) =>
      OTHER_FIELDS.flatMap((what) => {
        const change = detail[PATHS[what]];
        return change === undefined ? [] : [{ what, change }];
      }),
    );
}

const OTHER_FIELDS: readonly OtherField[] = ["enabled", "groups", "organizations"];
