import type { IdentityProviderRead } from "../../../application/connections/read-connections.ts";
import type { ConnectionId, VersionedSettings } from "../../../domain/settings.ts";
import type { SettingsFault } from "../../../domain/settings-rules.ts";
import type { Administrator } from "../host-callbacks.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { FormAction } from "./form/fields.ts";
import type { FormState } from "./form/form-state.ts";
import type { Inputs, PostedForm } from "./form/read-form.ts";
import type { ScreenId } from "./screens.ts";
import type { PageTexts } from "./texts.ts";
import type { Conflict, Notice } from "./view.ts";

/** What to show after an action; the rest is read again. */
export interface PageState {
  readonly screen: ScreenId;
  readonly status: number;
  readonly stored: VersionedSettings;
  readonly draft: FormState;
  readonly inputs: Inputs;
  readonly action: FormAction;
  readonly faults: readonly SettingsFault[];
  readonly notice?: Notice;
  readonly conflict?: Conflict;
  readonly providers?: readonly IdentityProviderRead[];
}

/** Result of an action: a page, or a reload without typed values. */
export type ActionResult =
  | { readonly kind: "page"; readonly state: PageState }
  | {
      readonly kind: "reopen";
      /** `undefined`: nothing was saved. */
      readonly done: "saved" | "switched-off" | undefined;
      /** The connection to show; absent for the first. */
      readonly shown?: ConnectionId;
    };

/** The pressed button, the tenant, and the settings. */
export interface ActionRequest {
  readonly tenantContext: TenantContext;
  readonly administrator: Administrator;
  readonly screen: ScreenId;
  readonly stored: VersionedSettings;
  readonly posted: PostedForm;
  readonly texts: PageTexts;
}
