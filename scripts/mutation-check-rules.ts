import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One rule of the gate or of the checks, and the text change that takes it away. */
export interface Rule {
  /** Relative to the adapter's folder. */
  readonly file: string;
  /** Where it stands: the function around it, and what it says when it refuses. */
  readonly name: string;
  /** Position and length of what is replaced. */
  readonly at: number;
  readonly length: number;
  readonly replacement: string;
  /** The rejection code at that place, to try attacks of that code first. */
  readonly code?: string;
}

/** Files that a response does not go through, or that only name things. */
const OUT_OF_SCOPE =
  /^(?:logout|verify-logout|idp-metadata|xml\/read-metadata-xml|redirect-binding|metadata|login-request|refusal|quiet|service-provider-keys)\.ts$/;

/** What takes the place of a refusal: it goes on as if nothing had been found. */
const GO_ON = "((..._: readonly unknown[]) => undefined as never)(";

/** A rule that refuses otherwise than by a call of its own: what to replace, and by what. */
interface HandMade {
  readonly file: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

const HAND_MADE: readonly HandMade[] = [
  {
    file: "checks.ts",
    name: "checkSubjectConfirmation: one that meets everything",
    from: "throw failures[0] ??",
    to: "void failures[0] ??",
  },
  {
    file: "checks.ts",
    name: "bearers: method",
    from: "({ method }) => method === BEARER",
    to: "({ method }) => method !== ''",
  },
  {
    file: "decrypt.ts",
    name: "opened: length of the content key",
    from: "if (contentKey.length !== form.encryption.keyOctets) return undefined;",
    to: "",
  },
  {
    file: "decrypt.ts",
    name: "deciphered: GCM tag",
    from: "decipher.setAuthTag(tag);",
    to: "decipher.setAuthTag(tag); return decipher.update(data.subarray(ivOctets, -GCM_TAG_OCTETS));",
  },
  {
    file: "signed-response.ts",
    name: "signedResponse: what is read comes from verified octets",
    from: "const covered = responseShape(readXml(outer.canonical, COVERED_LIMITS));",
    to: "const covered = shape;",
  },
  {
    file: "signed-response.ts",
    name: "signedAssertion: what is read comes from verified octets",
    from: "inner === undefined ? assertion : readXml(inner.canonical, COVERED_LIMITS)",
    to: "assertion",
  },
  {
    file: "signed-response.ts",
    name: "contentOf: nothing is told of an unsigned ciphertext",
    from: "outer === undefined ? withoutTelling(open) : open()",
    to: "open()",
  },
];

/** Every rule of the adapter in `folder`. Throws when a rule made by hand does not fit any more. */
export function rulesOf(folder: string): readonly Rule[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !OUT_OF_SCOPE.test(file))
    .sort();
  return [
    ...files.flatMap((file) => {
      const source = readFileSync(join(folder, file), "utf8");
      return [...refusals(file, source), ...listed(file, source)];
    }),
    ...HAND_MADE.map((made) => handMade(folder, made)),
  ];
}

/** Each call that refuses, wherever it stands. */
function refusals(file: string, source: string): readonly Rule[] {
  return [...source.matchAll(/(?<![\w.])(?<!function )(?:refuse|invalid)\(/g)].map((match) => {
    const after = source.slice(match.index, match.index + 400);
    const code = /^refuse\(\s*"([^"]*)"/.exec(after)?.[1];
    const said = /^\w+\(\s*(?:"[^"]*",\s*(?=[`"]))?[`"]([^`"]*)/.exec(after)?.[1] ?? "";
    return {
      file,
      name: `${functionAround(source, match.index)}: ${said.replace(/\$\{.*?(?:\}|$)/g, "…")}`,
      at: match.index,
      length: match[0].length,
      replacement: GO_ON,
      ...(code === undefined ? {} : { code }),
    };
  });
}

/** Each member of a list of checks or rules. */
function listed(file: string, source: string): readonly Rule[] {
  const lists = source.matchAll(/const (CHECKS|\w+_RULES)\b[^=]*=\s*\[([^\]]*)\]/g);
  return [...lists].flatMap((list) => {
    const start = list.index + list[0].lastIndexOf("[") + 1;
    return [...(list[2] ?? "").matchAll(/(?:\.\.\.)?\w+,?/g)].map((member) => ({
      file,
      name: `${list[1]}: ${member[0].replace(",", "")}`,
      at: start + member.index,
      length: member[0].length,
      replacement: "",
    }));
  });
}

function handMade(folder: string, { file, name, from, to }: HandMade): Rule {
  const at = readFileSync(join(folder, file), "utf8").indexOf(from);
  if (at === -1) throw new Error(`${file} does not hold what removes "${name}" any more: ${from}`);
  return { file, name, at, length: from.length, replacement: to };
}

function functionAround(source: string, at: number): string {
  const names = [...source.slice(0, at).matchAll(/^(?:export )?(?:async )?function (\w+)/gm)];
  return names.at(-1)?.[1] ?? "(top)";
}
