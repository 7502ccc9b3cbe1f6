import type { VNode } from "preact";
import { MAX_RULES } from "../../../../domain/provisioning-faults.ts";
import { NEW_CONNECTION, type ProvisioningRule } from "../../../../domain/settings.ts";
import {
  ActionButton,
  CheckField,
  Faults,
  RadioGroup,
  Section,
  SelectField,
  TextArea,
  TextField,
} from "../components/form-controls.tsx";
import { SectionNotice } from "../components/notice.tsx";
import { RadioSetting } from "../components/settings-fields.tsx";
import { faultsAt } from "../form/faults.ts";
import { type Choice, FIELDS } from "../form/fields.ts";
import { isLong, RULE_FIELDS } from "../form/rule-fields.ts";
import { ruleSummary } from "../form/shown-value.ts";
import { idsOf } from "../loaders.ts";
import type { PageView, RulesView } from "../view.ts";
import { roleOptions } from "./new-users.tsx";

const NONE = { faults: [] } as const;

/** Rules for new users: a list, of which one is edited in fields. */
export function RulesSection({ view }: { readonly view: PageView }): VNode {
  const { texts, draft, inputs, faults, rules } = view;
  const t = texts.rules;
  const { values } = draft;
  const wholeList = faults.filter(
    ({ field, index }) => field === FIELDS.rules && index === undefined,
  );
  return (
    <Section id="rules" title={t.title}>
      <SectionNotice view={view} section="rules" />
      <p class="hint">{t.hint}</p>
      <div id={FIELDS.rules} tabindex={-1}>
        <Faults id={FIELDS.rules} faults={wholeList} />
        <input type="hidden" name={FIELDS.rules} value={values.rules} />
        {rules !== undefined && inputs.openRule !== undefined && (
          <input type="hidden" name={RULE_FIELDS.open} value={String(inputs.openRule)} />
        )}
        {rules === undefined ? (
          <p class="fault">{texts.unavailable}</p>
        ) : rules.rules.length === 0 ? (
          <p>{t.none}</p>
        ) : (
          <ol class="rules">
            {rules.rules.map((rule, index) => (
              <Rule view={view} rules={rules} rule={rule} index={index} />
            ))}
          </ol>
        )}
      </div>
      {(rules?.rules.length ?? 0) < MAX_RULES && (
        <ActionButton action="rule-add" section="rules">
          {t.add}
        </ActionButton>
      )}
      <OfferedValues view={view} />
      <RadioSetting view={view} field="whenNoRuleMatches" />
    </Section>
  );
}

interface RuleProps {
  readonly view: PageView;
  readonly rules: RulesView;
  readonly rule: ProvisioningRule;
  readonly index: number;
}

function Rule({ view, rules, rule, index }: RuleProps): VNode {
  const { texts, faults, inputs, roles } = view;
  const t = texts.rules;
  const id = `${FIELDS.rules}-${index}`;
  const open = inputs.openRule === index;
  const { groups, organizations } = rules.names;
  const named = new Map([
    ...groups,
    ...organizations,
    ...(roles ?? []).map(({ id: role, name }) => [role, name] as const),
  ]);
  const button = (action: string, label: string) => (
    <ActionButton
      action={`${action}:${index}`}
      section={id}
      kind="small"
      label={`${label}: ${t.rule(index + 1)}`}
    >
      {label}
    </ActionButton>
  );
  return (
    <li id={id} tabindex={-1}>
      <Faults id={id} faults={faultsAt(faults, FIELDS.rules, index)} />
      <p>{ruleSummary(rule, texts, named)}</p>
      {open && <OpenRule view={view} rules={rules} rule={rule} index={index} />}
      <div class="row">
        {open ? button("rule-close", t.close) : button("rule-edit", t.edit)}
        {index > 0 && button("rule-up", t.up)}
        {index < rules.rules.length - 1 && button("rule-down", t.down)}
        {button("rule-remove", t.remove)}
      </div>
    </li>
  );
}

/** The fields of one rule. */
function OpenRule({ view, rules, rule }: RuleProps): VNode {
  const { texts, roles } = view;
  const t = texts.rules;
  const { when, role = "", organizations, refuse } = rule;
  const common = { ...NONE, texts };
  const kind =
    "attribute" in when ? "attribute" : "emailDomain" in when ? "emailDomain" : "connection";
  return (
    <div class="nested">
      <RadioGroup
        name={RULE_FIELDS.kind}
        label={t.when}
        value={kind}
        options={[
          {
            value: "attribute",
            label: t.ofAttribute,
            children: (
              <>
                <TextField
                  name={RULE_FIELDS.attribute}
                  label={t.attribute}
                  hint={t.attributeHint}
                  value={"attribute" in when ? when.attribute : ""}
                  offered={[...new Set(rules.received.map(({ attribute }) => attribute))]}
                  {...common}
                />
                <TextArea
                  name={RULE_FIELDS.values}
                  label={t.values}
                  hint={t.valuesHint}
                  rows={4}
                  value={"attribute" in when ? when.anyOf.join("\n") : ""}
                  {...common}
                />
              </>
            ),
          },
          {
            value: "emailDomain",
            label: t.ofDomain,
            children: (
              <TextArea
                name={RULE_FIELDS.domains}
                label={t.domains}
                rows={3}
                value={"emailDomain" in when ? when.emailDomain.join("\n") : ""}
                {...common}
              />
            ),
          },
          {
            value: "connection",
            label: t.ofConnection,
            children: (
              <Connections view={view} chosen={"connection" in when ? when.connection : []} />
            ),
          },
        ]}
        {...common}
      />
      <RadioGroup
        name={RULE_FIELDS.effect}
        label={t.effect}
        value={refuse === true ? "refuse" : "give"}
        options={[
          {
            value: "give",
            label: t.give,
            children: (
              <>
                <SelectField
                  name={RULE_FIELDS.role}
                  label={t.role}
                  value={role}
                  options={roleOptions(roles ?? [], role, texts, t.sameRole)}
                  {...common}
                />
                <Choices view={view} rules={rules} rule={rule} choice="groups" />
                <RadioGroup
                  name={RULE_FIELDS.organizations}
                  label={t.organizations}
                  value={organizations?.kind ?? "none"}
                  options={[
                    { value: "none", label: t.noOrganizations },
                    { value: "all", label: t.allOrganizations },
                    {
                      value: "selected",
                      label: t.selectedOrganizations,
                      children: (
                        <Choices view={view} rules={rules} rule={rule} choice="organizations" />
                      ),
                    },
                  ]}
                  {...common}
                />
              </>
            ),
          },
          { value: "refuse", label: t.refuse },
        ]}
        {...common}
      />
    </div>
  );
}

function Connections(props: {
  readonly view: PageView;
  readonly chosen: readonly string[];
}): VNode {
  const { view, chosen } = props;
  const { connections } = view.stored.settings;
  const known = connections.length === 0 ? [NEW_CONNECTION] : connections;
  const gone = chosen.filter((id) => known.every((one) => one.id !== id));
  return (
    <>
      {[...known, ...gone.map((id) => ({ id, name: id }))].map(({ id, name }) => (
        <CheckField
          id={`${RULE_FIELDS.connections}-${id}`}
          name={RULE_FIELDS.connections}
          value={id}
          label={name}
          checked={chosen.includes(id)}
          {...NONE}
        />
      ))}
    </>
  );
}

const CHOICE_FIELDS = {
  groups: { ids: RULE_FIELDS.groups, search: RULE_FIELDS.groupsSearch },
  organizations: { ids: RULE_FIELDS.organizationIds, search: RULE_FIELDS.organizationsSearch },
} as const;

/** What the rule gives, ticked, and what a search found, to be ticked. */
function Choices(props: {
  readonly view: PageView;
  readonly rules: RulesView;
  readonly rule: ProvisioningRule;
  readonly choice: Choice;
}): VNode {
  const { view, rules, rule, choice } = props;
  const { texts, inputs } = view;
  const t = texts.rules;
  const chosen = idsOf(rule, choice);
  const { ids: field, search } = CHOICE_FIELDS[choice];
  const title = choice === "groups" ? t.groups : t.organizations;
  if (isLong(chosen)) {
    const count = new Intl.NumberFormat(texts.lang).format(chosen.length);
    return (
      <p>
        {title}: {t.tooLong(count)}
      </p>
    );
  }
  const names = rules.names[choice];
  const known = new Set(chosen);
  const items = [
    ...chosen.map((id) => ({ id, name: names.get(id) ?? texts.newUsers.roleGone(id) })),
    ...rules.found[choice].filter(({ id }) => !known.has(id)),
  ];
  return (
    <fieldset>
      <legend>{title}</legend>
      {items.map(({ id, name }, index) => (
        <CheckField
          id={`${field}-${index}`}
          name={field}
          value={id}
          label={name}
          checked={known.has(id)}
          {...NONE}
        />
      ))}
      <div class="row end">
        <TextField
          name={search}
          label={texts.list.search(title)}
          value={inputs.ruleSearch[choice]}
          {...NONE}
        />
        <ActionButton action="rule-search" section="rules" kind="small">
          {t.search}
        </ActionButton>
      </div>
    </fieldset>
  );
}

/** Entra sends object IDs, which nobody types. */
function OfferedValues({ view }: { readonly view: PageView }): VNode | null {
  const { texts, rules } = view;
  const t = texts.rules;
  const offered = rules?.received ?? [];
  if (offered.length === 0) return null;
  return (
    <details>
      <summary>{t.offered}</summary>
      <ul class="offered">
        {offered.map(({ attribute, value }) => (
          <li>
            <ActionButton
              action={`rule-use:${JSON.stringify([attribute, value])}`}
              section="rules"
              kind="small"
            >
              {t.use(attribute, value)}
            </ActionButton>
          </li>
        ))}
      </ul>
    </details>
  );
}
