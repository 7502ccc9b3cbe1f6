/** What a random document may hold beyond what every reader agrees on. */
export interface Variety {
  /**
   * Prefixes bound anew below, prefixes and names that sort unusually, white
   * space in end tags: what libxml2 masters and @xmldom or xml-crypto do not.
   */
  readonly tricky: boolean;
}

/** A random document of the strict subset. */
export interface RandomDocument {
  readonly xml: string;
  /** Some prefixes to treat inclusively; the empty one is the default namespace. */
  readonly inclusivePrefixes: readonly string[];
}

/** The root's name is always this, so that other tools can be told where the ID is. */
export const ROOT = { namespace: "urn:root", local: "r" } as const;

type Random = (below: number) => number;
type Scope = ReadonlyMap<string, string>;

const PLAIN_PREFIXES = ["", "a", "b", "c", "dd"] as const;
const TRICKY_PREFIXES = [...PLAIN_PREFIXES, "A", "B", "x-1", "x.2", "_"] as const;
const PLAIN_NAMESPACES = ["urn:a", "urn:b", "http://c.example/d"] as const;
const TRICKY_NAMESPACES = [...PLAIN_NAMESPACES, "urn:A", "urn:a:1", "urn:~%C3%A9"] as const;
/** No name of a prefix: xml-crypto mistakes an attribute called so for its declaration. */
const LOCALS = ["e", "f", "Abc", "a-b", "a.b", "_c", "ID2"] as const;
const TRICKY_LOCALS = [...LOCALS, "a", "A", "x"] as const;
/** As written, in texts and in attributes. */
const PIECES = [
  "a",
  "Z",
  " ",
  "x y",
  "\n",
  "\t",
  "\r\n",
  "\r",
  "'",
  "é",
  "ｆ",
  "𝒵",
  "&amp;",
  "&lt;",
  "&gt;",
  "&quot;",
  "&apos;",
  "&#13;",
  "&#xA;",
  "&#9;",
  "&#x1D4B5;",
  "&#60;",
  ">",
] as const;

/** @xmldom takes them for line ends, as XML 1.1 would. */
const TRICKY_PIECES = [...PIECES, "\u0085", "\u2028"] as const;

/** The `number`th random document; the same on every machine. */
export function randomDocument(number: number, variety: Variety): RandomDocument {
  const random = seeded(number);
  const prefixes = variety.tricky ? TRICKY_PREFIXES : PLAIN_PREFIXES;
  const rootPrefix = pick(random, prefixes);
  const scope = new Map([[rootPrefix, ROOT.namespace]]);
  const writer = new Writer(random, variety);
  const root = writer.element({
    prefix: rootPrefix,
    local: ROOT.local,
    scope,
    declared: scope,
    depth: 0,
    id: "_1",
  });
  return {
    xml: root,
    inclusivePrefixes: prefixes.filter(() => random(4) === 0),
  };
}

interface ElementPlan {
  readonly prefix: string;
  readonly local: string;
  readonly scope: Scope;
  readonly declared: Scope;
  readonly depth: number;
  readonly id?: string;
}

class Writer {
  readonly #random: Random;
  readonly #variety: Variety;

  constructor(random: Random, variety: Variety) {
    this.#random = random;
    this.#variety = variety;
  }

  element({ prefix, local, scope: outer, declared: first, depth, id }: ElementPlan): string {
    const random = this.#random;
    const declared = new Map([...this.#declarations(outer, prefix, id !== undefined), ...first]);
    const scope = new Map([...outer, ...declared]);
    const name = qualified(prefix, local);
    const written = [
      ...[...declared].map(
        ([p, ns]) =>
          `${p === "" ? "xmlns" : `xmlns:${p}`}=${this.#quoted(ns.replaceAll("&", "&amp;"))}`,
      ),
      ...this.#attributes(scope),
      ...(id === undefined ? [] : [`ID="${id}"`]),
    ].sort(() => random(3) - 1);
    const start = `<${name}${written.map((one) => pick(random, [" ", "\n", "  "]) + one).join("")}`;
    const content = this.#content(scope, depth);
    return content === "" && random(2) === 0
      ? `${start}/>`
      : `${start}${pick(random, ["", " "])}>${content}</${name}${this.#variety.tricky ? pick(random, ["", " ", "\n"]) : ""}>`;
  }

  #content(scope: Scope, depth: number): string {
    const random = this.#random;
    const count = depth > 5 ? 0 : random(5 - Math.min(depth, 3));
    const parts = [this.#text()];
    for (let index = 0; index < count; index += 1) {
      const declared =
        random(4) === 0 && depth > 0
          ? new Map<string, string>()
          : this.#declarations(scope, undefined, false);
      const inner = new Map([...scope, ...declared]);
      const prefix = pick(
        random,
        [...inner.keys()].filter((p) => p === "" || inner.get(p) !== ""),
      );
      const local = pick(random, this.#variety.tricky ? TRICKY_LOCALS : LOCALS);
      parts.push(this.element({ prefix, local, scope, declared, depth: depth + 1 }), this.#text());
    }
    return parts.join("");
  }

  #declarations(
    scope: Scope,
    except: string | undefined,
    root: boolean,
  ): ReadonlyMap<string, string> {
    const random = this.#random;
    const { tricky } = this.#variety;
    const declared = new Map<string, string>();
    for (let count = random(root ? 5 : 2); count > 0; count -= 1) {
      const prefix = pick(random, tricky ? TRICKY_PREFIXES : PLAIN_PREFIXES);
      // Not every implementation notices that a prefix is bound to something else below.
      if (prefix === except || (!tricky && prefix !== "" && scope.has(prefix))) continue;
      const undeclare = prefix === "" && random(3) === 0;
      declared.set(
        prefix,
        undeclare ? "" : pick(random, tricky ? TRICKY_NAMESPACES : PLAIN_NAMESPACES),
      );
    }
    return declared;
  }

  #attributes(scope: Scope): readonly string[] {
    const random = this.#random;
    const taken = new Set<string>();
    const written: string[] = [];
    for (let count = random(4); count > 0; count -= 1) {
      const prefix = pick(random, ["", ...scope.keys()]);
      const namespace = prefix === "" ? "" : (scope.get(prefix) ?? "");
      const local = pick(random, this.#variety.tricky ? TRICKY_LOCALS : LOCALS);
      if ((prefix !== "" && namespace === "") || taken.has(`${namespace} ${local}`)) continue;
      taken.add(`${namespace} ${local}`);
      written.push(
        `${qualified(prefix, local)}${pick(random, ["=", " = "])}${this.#quoted(this.#text())}`,
      );
    }
    if (random(6) === 0) written.push(`xml:lang=${this.#quoted(pick(random, ["en", "de-AT"]))}`);
    return written;
  }

  #text(): string {
    return Array.from({ length: this.#random(4) }, () =>
      pick(this.#random, this.#variety.tricky ? TRICKY_PIECES : PIECES),
    ).join("");
  }

  #quoted(value: string): string {
    return value.includes("'") || this.#random(2) === 0 ? `"${value}"` : `'${value}'`;
  }
}

function qualified(prefix: string, local: string): string {
  return prefix === "" ? local : `${prefix}:${local}`;
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random(list.length)] as T;
}

/** Mulberry32. */
function seeded(seed: number): Random {
  let state = (seed * 0x9e3779b9) >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
