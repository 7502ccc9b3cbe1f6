type Check = (value: unknown) => string | undefined;

/**
 * All faults of a user mapping, each with its dotted path.
 *
 * @param value as the host gave it: JavaScript hosts have no compiler.
 */
export function hostUsersFaults(value: unknown): readonly string[] {
  const state = at(value, "state");
  return [
    ...faultOf(value, "hostUsers", objectCheck),
    ...checkAll(value, [
      ["model", modelCheck],
      ["columns.id", keyColumn],
      ["columns.email", name],
      ["columns.role", keyColumn],
      ["columns.tenant", optional(keyColumn)],
      ["columns.displayName", optional(name)],
      ["columns.firstName", optional(name)],
      ["columns.lastName", optional(name)],
      ["groups.table", name],
      ["groups.user", name],
      ["groups.granted", keyColumn],
      ["groups.tenant", optional(name)],
      ["organizations.table", name],
      ["organizations.user", name],
      ["organizations.granted", keyColumn],
      ["organizations.tenant", optional(name)],
      ["allOrganizations", optional(marker)],
      ["createdBy", optional(marker)],
      ["countSeats", optional(callable)],
      ["newId", optional(callable)],
      ["newRow", optional(callable)],
      ["state.kind", oneOf("column", "computed")],
    ]),
    ...(at(state, "kind") === "column" ? columnStateFaults(value) : []),
    ...(at(state, "kind") === "computed"
      ? checkAll(value, [
          ["state.stateOf", callable],
          ["state.takingSeats", callable],
          ["state.invited", callable],
          ["state.active", callable],
        ])
      : []),
    ...idColumnFaults(value),
  ];
}

function columnStateFaults(value: unknown): readonly string[] {
  const values = at(at(value, "state"), "values");
  const seen = ["active", "invited", "suspended", "deleted"].flatMap((state) => {
    const listed = at(values, state);
    return Array.isArray(listed) ? listed.map(String) : [];
  });
  const twice = seen.filter((entry, index) => seen.indexOf(entry) !== index);
  return [
    ...checkAll(value, [
      ["state.column", name],
      ["state.values.active", nonEmptyList],
      ["state.values.invited", optional(list)],
      ["state.values.suspended", optional(list)],
      ["state.values.deleted", optional(list)],
    ]),
    ...twice.map(
      (entry) => `hostUsers.state.values must contain ${entry} only once: it stands for two states`,
    ),
  ];
}

function idColumnFaults(value: unknown): readonly string[] {
  const expected = at(at(value, "model"), "idColumn");
  const id = at(at(at(value, "columns"), "id"), "name");
  return typeof expected === "string" && typeof id === "string" && expected !== id
    ? [`hostUsers.columns.id.name must be the model's idColumn, ${expected}: ${id}`]
    : [];
}

function checkAll(
  value: unknown,
  checks: readonly (readonly [string, Check])[],
): readonly string[] {
  return checks.flatMap(([path, check]) => {
    const found = path.split(".").reduce(at, value);
    return faultOf(found, `hostUsers.${path}`, check);
  });
}

function faultOf(value: unknown, path: string, check: Check): readonly string[] {
  const fault = check(value);
  return fault === undefined ? [] : [`${path} must be ${fault}`];
}

const objectCheck: Check = (value) =>
  typeof value === "object" && value !== null ? undefined : "an object";
const modelCheck: Check = (value) =>
  at(value, "isObjectionModelClass") === true // also of another copy of Objection
    ? undefined
    : "an Objection model class";
const callable: Check = (value) => (typeof value === "function" ? undefined : "a function");
const name: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : "a non-empty string";
const list: Check = (value) => (Array.isArray(value) ? undefined : "an array");
const nonEmptyList: Check = (value) =>
  Array.isArray(value) && value.length > 0 ? undefined : "a non-empty array";
const marker: Check = (value) =>
  name(at(value, "column")) === undefined && at(value, "value") !== undefined
    ? undefined
    : "{ column, value }";
const keyColumn: Check = (value) =>
  name(at(value, "name")) === undefined &&
  ["text", "integer", "uuid"].includes(String(at(value, "type")))
    ? undefined
    : '{ name, type: "text" | "integer" | "uuid" }';

function optional(check: Check): Check {
  return (value) => (value === undefined ? undefined : check(value));
}

function oneOf(...allowed: readonly string[]): Check {
  return (value) =>
    allowed.includes(String(value))
      ? undefined
      : `one of ${allowed.map((one) => `"${one}"`).join(", ")}`;
}

function at(value: unknown, key: string): unknown {
  const holdsMembers = (typeof value === "object" && value !== null) || typeof value === "function";
  return holdsMembers ? Reflect.get(value, key) : undefined;
}
