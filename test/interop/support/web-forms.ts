/** A form of a page. */
export interface WebForm {
  /** Absolute. */
  readonly action: string;
  /** Its hidden and visible fields with the values that they have. */
  readonly fields: Readonly<Record<string, string>>;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#039": "'",
};

/** The first form of a page that has a field of this name; `undefined` when none has. */
export function formWith(field: string, html: string, pageUrl: string): WebForm | undefined {
  for (const [, head = "", body = ""] of html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
    const fields = Object.fromEntries(
      [...body.matchAll(/<input([^>]*)>/g)].flatMap(([, attributes = ""]) => {
        const name = attribute(attributes, "name");
        return name === undefined ? [] : [[name, attribute(attributes, "value") ?? ""]];
      }),
    );
    if (field in fields) {
      return { action: new URL(attribute(head, "action") ?? "", pageUrl).href, fields };
    }
  }
  return undefined;
}

/** Addresses of the pages that a page shows within itself. */
export function framesOf(html: string): readonly string[] {
  return [...html.matchAll(/<iframe([^>]*)>/g)].flatMap(
    ([, attributes = ""]) => attribute(attributes, "src") ?? [],
  );
}

function attribute(attributes: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1];
  return value?.replace(/&([^;]+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole);
}
