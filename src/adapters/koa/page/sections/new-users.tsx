import type { VNode } from "preact";
import type { Role } from "../../../../domain/access.ts";
import { Section } from "../components/form-controls.tsx";
import { ListField } from "../components/list-field.tsx";
import { SectionNotice } from "../components/notice.tsx";
import {
  CheckSetting,
  KeptSettings,
  RadioSetting,
  SelectSetting,
} from "../components/settings-fields.tsx";
import type { PageTexts } from "../texts.ts";
import type { PageView } from "../view.ts";

/** Defaults for new users. */
export function NewUsersSection({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, roles } = view;
  const t = texts.newUsers;
  return (
    <Section id="autoProvisioning" title={t.title}>
      <SectionNotice view={view} section="autoProvisioning" />
      <CheckSetting view={view} field="autoProvisioning" />
      {roles === undefined && <p class="fault">{texts.unavailable}</p>}
      <SelectSetting
        view={view}
        field="role"
        options={roleOptions(roles ?? [], draft.values.role, texts)}
      />
      <CheckSetting view={view} field="privilegedRoleConfirmed" />
      {view.screen === "setup" && faults.length === 0 ? (
        <details class="box">
          <summary>{t.further}</summary>
          <Access view={view} />
        </details>
      ) : (
        <Access view={view} />
      )}
    </Section>
  );
}

/** Groups, organizations, and what happens without a license. */
function Access({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, roles = [] } = view;
  const t = texts.newUsers;
  const lite = roles.filter(({ licensed }) => !licensed);
  return (
    <>
      <ListField view={view} choice="groups" label={t.groups} />
      <RadioSetting
        view={view}
        field="organizations"
        nested={{
          selected: <ListField view={view} choice="organizations" label={t.organizations} />,
        }}
      />
      {view.limitsLicenses || draft.values.whenLicensesRunOut !== "deny" ? (
        <RadioSetting
          view={view}
          field="whenLicensesRunOut"
          nested={{
            lite: (
              <SelectSetting
                view={view}
                field="liteRole"
                options={roleOptions(lite, draft.values.liteRole, texts)}
              />
            ),
          }}
        />
      ) : (
        <KeptSettings view={view} fields={["whenLicensesRunOut"]} />
      )}
      <RadioSetting view={view} field="whenAddressChanged" />
    </>
  );
}

/** The host's roles, with what choosing none is called. */
export function roleOptions(
  roles: readonly Role[],
  chosen: string,
  texts: PageTexts,
  none: string = texts.newUsers.chooseRole,
): readonly { readonly value: string; readonly label: string }[] {
  const t = texts.newUsers;
  const gone = chosen !== "" && !roles.some(({ id }) => id === chosen);
  return [
    { value: "", label: none },
    ...roles.map((role) => ({ value: role.id, label: roleLabel(role, texts) })),
    ...(gone ? [{ value: chosen, label: t.roleGone(chosen) }] : []),
  ];
}

function roleLabel(role: Role, { newUsers: t }: PageTexts): string {
  const remarks = [
    ...(role.licensed ? [] : [t.lite]),
    ...(role.privileged ? [t.privileged] : []),
    ...(role.maxOrganizations === undefined ? [] : [t.atMost(role.maxOrganizations)]),
  ];
  return remarks.length === 0 ? role.name : `${role.name} (${remarks.join(", ")})`;
}
