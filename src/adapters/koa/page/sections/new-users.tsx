import type { VNode } from "preact";
import type { Role } from "../../../../domain/access.ts";
import { CheckField, RadioGroup, Section, SelectField } from "../components/form-controls.tsx";
import { ListField } from "../components/list-field.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { faultsAt } from "../form/faults.ts";
import { FIELDS } from "../form/fields.ts";
import type { PageTexts } from "../texts.ts";
import type { PageView } from "../view.ts";

/** Defaults for new users. */
export function NewUsersSection({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, faults, roles } = view;
  const t = texts.newUsers;
  const { values } = draft;
  const common = { faults, texts };
  return (
    <Section id="autoProvisioning" title={t.title}>
      <SectionNotice view={view} section="autoProvisioning" />
      <CheckField
        name={FIELDS.autoProvisioning}
        label={t.autoProvisioning}
        hint={t.autoProvisioningHint}
        checked={values.autoProvisioning}
        faults={faultsAt(faults, FIELDS.autoProvisioning)}
        texts={texts}
      />
      {roles === undefined && <p class="fault">{texts.unavailable}</p>}
      <SelectField
        name={FIELDS.role}
        label={t.role}
        value={values.role}
        options={roleOptions(roles ?? [], values.role, texts)}
        {...common}
      />
      <CheckField
        name={FIELDS.privilegedRoleConfirmed}
        label={t.confirm}
        hint={t.confirmHint}
        checked={values.privilegedRoleConfirmed}
        faults={faultsAt(faults, FIELDS.privilegedRoleConfirmed)}
        texts={texts}
      />
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
  const { texts, draft, faults, roles } = view;
  const t = texts.newUsers;
  const { values } = draft;
  const common = { faults, texts };
  return (
    <>
      <ListField view={view} choice="groups" label={t.groups} />
      <RadioGroup
        name={FIELDS.organizations}
        label={t.organizations}
        value={values.organizations}
        options={[
          { value: "all", label: t.all },
          {
            value: "selected",
            label: t.selected,
            children: <ListField view={view} choice="organizations" label={t.organizations} />,
          },
        ]}
        {...common}
      />
      <RadioGroup
        name={FIELDS.whenLicensesRunOut}
        label={t.runOut}
        value={values.whenLicensesRunOut}
        options={[
          { value: "deny", label: t.runOutDeny },
          { value: "allow", label: t.runOutAllow },
          {
            value: "lite",
            label: t.runOutLite,
            children: (
              <SelectField
                name={FIELDS.liteRole}
                label={t.liteRole}
                value={values.liteRole}
                options={roleOptions(
                  (roles ?? []).filter(({ licensed }) => !licensed),
                  values.liteRole,
                  texts,
                )}
                {...common}
              />
            ),
          },
        ]}
        {...common}
      />
      <RadioGroup
        name={FIELDS.whenAddressChanged}
        label={t.addressChanged}
        hint={t.addressChangedHint}
        value={values.whenAddressChanged}
        options={[
          { value: "create", label: t.addressChangedCreate },
          { value: "refuse", label: t.addressChangedRefuse },
        ]}
        {...common}
      />
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
