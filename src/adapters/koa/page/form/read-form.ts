import { z } from "zod";
import { separateCertificates } from "../../../../domain/certificate-rules.ts";
import { DEFAULT_CONNECTION_ID, type ProvisioningRule } from "../../../../domain/settings.ts";
import { MAX_ORGANIZATIONS } from "../../../settings-document/schema.ts";
import { type HttpProblem, problem } from "../../problems.ts";
import { TestId } from "../../test-sign-in/routes.ts";
import {
  CHOICES,
  type Choice,
  FIELDS,
  type Field,
  FLAGS,
  type FormAction,
  keysOf,
  LISTS,
  mapped,
  TEXTS,
  type Values,
} from "./fields.ts";
import { asTyped, type FormState, type ListChanges, rolesIn } from "./form-state.ts";
import { withTicks } from "./merge.ts";
import { CatalogId, editedRules, RULE_FIELDS, readRules, rulesText } from "./rule-fields.ts";

/** Which of two conflicting values to keep. */
export type Resolution = "mine" | "theirs";

/** Form inputs that are not settings. */
export interface Inputs {
  /** Name of a connection to add. */
  readonly newConnection: string;
  /** A domain to prove. */
  readonly newDomain: string;
  readonly metadata: string;
  readonly preset: string;
  readonly previewEmail: string;
  /** `NAME=VALUE`, one per line. */
  readonly previewAttributes: string;
  /** Index of the rule that is being edited. */
  readonly openRule: number | undefined;
  readonly ruleSearch: Readonly<Record<Choice, string>>;
  /** ID of the test sign-in started from this form; empty without one. */
  readonly test: string;
  /** Turn on without a successful test sign-in. */
  readonly untested: boolean;
  readonly search: Readonly<Record<Choice, string>>;
  /** The ID of the one element that a script asks for; empty for the whole page. */
  readonly live: string;
  /** Conflicting fields: the form has your values. */
  readonly disputed: readonly Field[];
  readonly resolutions: Readonly<Partial<Record<Field, Resolution>>>;
}

/** A posted form. */
export interface PostedForm {
  readonly action: FormAction;
  readonly draft: FormState;
  readonly inputs: Inputs;
}

/** The inputs of a page that was just opened. */
export const NO_INPUTS: Inputs = {
  metadata: "",
  newConnection: "",
  newDomain: "",
  preset: "",
  previewEmail: "",
  previewAttributes: "",
  openRule: undefined,
  ruleSearch: { groups: "", organizations: "" },
  test: "",
  untested: false,
  search: { groups: "", organizations: "" },
  live: "",
  disputed: [],
  resolutions: {},
};

/**
 * Reads the posted settings form. Keeps invalid values as typed.
 *
 * @throws HttpProblem 400 for what no page of ours posts.
 */
export function readForm(body: unknown): PostedForm {
  const fields = Body.safeParse(body);
  // The last field of the form: if it is missing, a parser has truncated the form.
  if (!fields.success || fields.data["end"] !== "1") throw unreadable();
  const form = makeReader(fields.data);
  if (typedIn(form) > MAX_TYPED) throw tooLong();
  const action = actionOf(form.text("action"));
  const { rules, open } = editedRules(postedRules(form), form, action);
  return {
    action,
    draft: {
      connection: form.text("shown") || DEFAULT_CONNECTION_ID,
      values: valuesOf(form, action, rulesText(rules)),
      changes: mapped(CHOICES, (choice) => changesOf(form, choice)),
      base: parsed(Base, form.text("base")),
    },
    inputs: { ...inputsOf(form), openRule: open },
  };
}

/** The fields of a form that a page of ours posted, as they are; `undefined` for anything else. */
export function postedFields(body: unknown): readonly (readonly [string, string])[] | undefined {
  const fields = Body.safeParse(body);
  if (!fields.success || fields.data["end"] !== "1") return undefined;
  return Object.entries(fields.data).flatMap(([name, value]) =>
    [value].flat().map((text) => [name, text] as const),
  );
}

function postedRules(form: Reader): readonly ProvisioningRule[] {
  const rules = readRules(form.text(FIELDS.rules));
  if (rules === undefined) throw unreadable();
  return rules;
}

interface Reader {
  text(name: string): string;
  all(name: string): readonly string[];
}

/** Form parsers of hosts may turn an array into an object. */
const Body = z.record(
  z.string(),
  z.union([
    z.string(),
    z.array(z.string()),
    z.record(z.string(), z.string()).transform((entries) => Object.values(entries)),
  ]),
);

const Base: z.ZodType<FormState["base"]> = z.strictObject({
  version: z.number().int().nonnegative(),
  values: z.strictObject({
    ...mapped(TEXTS, () => z.string()),
    ...mapped(FLAGS, () => z.boolean()),
    ...mapped(LISTS, () => z.array(z.string())),
  }),
});

/** IDs that may be passed to the host's catalog. */
const Ids = z.array(z.unknown()).max(MAX_ORGANIZATIONS).pipe(z.array(CatalogId));
const Changes: z.ZodType<ListChanges> = z.strictObject({ added: Ids, removed: Ids });
const Shown = z.strictObject({ on: Ids, off: Ids });

function makeReader(fields: z.infer<typeof Body>): Reader {
  const all = (name: string): readonly string[] => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return value === undefined ? [] : [value].flat();
  };
  return { all, text: (name) => all(name)[0] ?? "" };
}

/** Maximum number of characters in typed fields; 1,000 domains are fewer. */
const MAX_TYPED = 1024 * 1024;

function typedIn(form: Reader): number {
  const names = [
    ...Object.values(FIELDS),
    RULE_FIELDS.values,
    "preview-email",
    "preview-attributes",
  ];
  // The rules are carried, not typed: those that the API saved may name 100,000 organizations.
  const texts = names.filter((name) => name !== FIELDS.rules).flatMap((name) => form.all(name));
  return texts.reduce((sum, { length }) => sum + length, 0);
}

function actionOf(text: string): FormAction {
  const colon = text.indexOf(":");
  return colon < 0
    ? { name: text || "refresh", argument: "" }
    : { name: text.slice(0, colon), argument: text.slice(colon + 1) };
}

function valuesOf(form: Reader, action: FormAction, rules: string): Values {
  const certificates = form
    .all(LISTS.certificates)
    .filter(
      (_, index) => action.name !== "remove-certificate" || action.argument !== String(index),
    );
  return {
    ...mapped(TEXTS, (field) => form.text(TEXTS[field]).trim()),
    ...mapped(FLAGS, (field) => form.text(FLAGS[field]) !== ""),
    authnContextComparison: form.text(TEXTS.authnContextComparison) || "exact",
    rules,
    privilegedRoleConfirmed: isConfirmed(form, rules),
    certificates: certificates.flatMap(separateCertificates).map(asTyped).filter(Boolean),
    weakAlgorithms: form.all(LISTS.weakAlgorithms),
    requestedClasses: linesOf(form, LISTS.requestedClasses),
    acceptedClasses: linesOf(form, LISTS.acceptedClasses),
    allowedDomains: wordsOf(form, LISTS.allowedDomains),
    sharedDomains: wordsOf(form, LISTS.sharedDomains),
    exempt: wordsOf(form, LISTS.exempt),
  };
}

/** Domains and addresses, however they are separated. */
function wordsOf(form: Reader, name: string): readonly string[] {
  return form
    .text(name)
    .split(/[\s,;]+/)
    .filter(Boolean);
}

/** URIs, which contain no white space, each once. */
function linesOf(form: Reader, name: string): readonly string[] {
  return [...new Set(form.text(name).split(/\s+/).filter(Boolean))];
}

/** Whether the box was ticked for all roles that are selected now. */
function isConfirmed(form: Reader, rules: string): boolean {
  if (form.text(FLAGS.privilegedRoleConfirmed) === "") return false;
  const before = parsed(z.array(z.string()), form.text("confirmed-roles") || "[]");
  if (before.length === 0) return true;
  const confirmed = new Set(before);
  return [...rolesIn({ role: form.text(TEXTS.role).trim(), rules })].every((id) =>
    confirmed.has(id),
  );
}

function changesOf(form: Reader, choice: Choice): ListChanges {
  return withTicks(
    parsed(Changes, form.text(`${choice}-changes`)),
    parsed(Shown, form.text(`${choice}-shown`)),
    form.all(`${choice}-ticked`),
  );
}

function inputsOf(form: Reader): Inputs {
  const disputed = keysOf(FIELDS).filter((field) => form.all("disputed").includes(field));
  return {
    metadata: form.text("metadata"),
    newConnection: form.text("new-connection").trim(),
    newDomain: form.text("new-domain").trim(),
    preset: form.text("preset"),
    previewEmail: form.text("preview-email").trim(),
    previewAttributes: form.text("preview-attributes"),
    openRule: undefined,
    ruleSearch: {
      groups: form.text(RULE_FIELDS.groupsSearch).trim(),
      organizations: form.text(RULE_FIELDS.organizationsSearch).trim(),
    },
    test: TestId.safeParse(form.text("test")).data ?? "",
    untested: form.text("untested") !== "",
    live: form.text("live"),
    search: mapped(CHOICES, (choice) => form.text(`${choice}-search`).trim()),
    disputed,
    resolutions: Object.fromEntries(
      disputed.flatMap((field) => {
        const choice = form.text(`resolve-${FIELDS[field]}`);
        return choice === "mine" || choice === "theirs" ? [[field, choice]] : [];
      }),
    ),
  };
}

function parsed<T>(schema: z.ZodType<T>, json: string): T {
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    throw unreadable();
  }
}

function tooLong(): HttpProblem {
  return problem("body-too-large", {
    detail: "The form contains too much text. Go back and shorten the longest fields.",
  });
}

function unreadable(): HttpProblem {
  return problem("bad-request", { detail: "The form could not be read. Reload the page." });
}
