import type { VNode } from "preact";

/** Rows of a description list; those without a value are left out. */
export function FactRows(props: {
  readonly rows: readonly (readonly [name: string, value: string | undefined])[];
}): VNode {
  return (
    <>
      {props.rows.map(([name, value]) =>
        value === undefined ? null : (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </>
  );
}
