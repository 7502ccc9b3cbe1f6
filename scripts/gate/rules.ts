import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** One rule of the gate or of the checks, and the text change that takes it away. */
export interface Rule {
  /** Relative to the adapter's folder. */
  readonly file: string;
  /** The function around it. */
  readonly where: string;
  /** What it says when it refuses; the rule keeps this name when its file or function gets another. */
  readonly name: string;
  /** Position and length of what is replaced. */
  readonly at: number;
  readonly length: number;
  readonly replacement: string;
  /** The rejection code at that place, to try attacks of that code first. */
  readonly code?: string;
}

/** What takes the place of a refusal: it goes on as if nothing had been found. */
const GO_ON = "((..._: readonly unknown[]) => undefined as never)(";

/** A call that refuses; `reject` of a promise names no code. */
const REFUSAL = /(?<![\w.])(?<!function )(?:(?:refuse|invalid)\(|reject\((?=\s*"))/g;

/** A rule that refuses otherwise than by a call of its own: what to replace, wherever it stands. */
export interface HandMade {
  readonly name: string;
  readonly from: RegExp;
  /** Group references as in `String.replace`. */
  readonly to: string;
}

const HAND_MADE: readonly HandMade[] = [
  {
    name: "one confirmation that meets everything",
    from: /throw (\(?\s*failures\[0\] \?\?)/,
    to: "void $1",
  },
  {
    name: "the key of a certificate is strong",
    from: /if \(weak !== undefined \|\| (keyType === "other")\) return weak \?\? (\w+);/,
    to: "if ($1) return $2;",
  },
  {
    name: "the method of a confirmation is bearer",
    from: /(\(\{ method \}\) => method) === BEARER/,
    to: "$1 !== ''",
  },
  {
    name: "length of the content key",
    from: /(const fits = )contentKey\?\.length === encryption\.keyOctets/,
    to: "$1contentKey !== undefined",
  },
  {
    name: "GCM tag",
    from: /(decipher\.setAuthTag\(data\.subarray\(-GCM_TAG_OCTETS\)\);)/,
    to: "$1 return { plaintext: decipher.update(data.subarray(ivOctets, -GCM_TAG_OCTETS)), sound: true };",
  },
  {
    name: "the response that is read comes from verified octets",
    from: /const covered = \w+\(outer\.content\);/,
    to: "const covered = shape;",
  },
  {
    name: "the assertion that is read comes from verified octets",
    from: /inner === undefined \? assertion : inner\.content/,
    to: "assertion",
  },
  {
    name: "nothing is told of an unsigned ciphertext",
    from: /outer === undefined \? \w+\(open[^)]*\) : open\(\)/,
    to: "open()",
  },
];

/**
 * Every rule in `files`, paths within `folder`. Throws when a rule made by hand stands nowhere any
 * more, or twice.
 */
export function findRules(folder: string, files: readonly string[]): readonly Rule[] {
  const sources = files.map((file) => ({ file, source: readFileSync(join(folder, file), "utf8") }));
  return [
    ...sources.flatMap(({ file, source }) => [
      ...findRefusals(file, source),
      ...findListed(file, source),
    ]),
    ...HAND_MADE.map((made) => findHandMade(sources, made)),
  ];
}

/** The line of a report that a rule has: without the folder, so that a file can move. */
export function titleOf({ file, where, name }: Rule): string {
  return `${basename(file)} ${where}: ${name}`;
}

/** Each call that refuses, wherever it stands. */
function findRefusals(file: string, source: string): readonly Rule[] {
  return [...source.matchAll(REFUSAL)].map((match) => {
    const after = source.slice(match.index, match.index + 400);
    const code = /^\w+\(\s*"([a-z-]+)",/.exec(after)?.[1];
    const said = /^\w+\(\s*(?:"[^"]*",\s*(?=[`"]))?[`"]([^`"]*)/.exec(after)?.[1] ?? "";
    return {
      file,
      where: functionAround(source, match.index),
      name: said.replace(/\$\{.*?(?:\}|$)/g, "…"),
      at: match.index,
      length: match[0].length,
      replacement: GO_ON,
      ...(code === undefined ? {} : { code }),
    };
  });
}

/** Each member of a list of checks or rules. */
function findListed(file: string, source: string): readonly Rule[] {
  const lists = source.matchAll(/const (CHECKS|\w+_RULES)\b[^=]*=\s*\[([^\]]*)\]/g);
  return [...lists].flatMap((list) => {
    const start = list.index + list[0].lastIndexOf("[") + 1;
    return [...(list[2] ?? "").matchAll(/(?:\.\.\.)?\w+,?/g)].map((member) => ({
      file,
      where: list[1] ?? "",
      name: member[0].replace(",", ""),
      at: start + member.index,
      length: member[0].length,
      replacement: "",
    }));
  });
}

/**
 * The one place that `from` fits.
 *
 * @throws Error if there is none, or another one.
 */
export function findHandMade(
  sources: readonly { readonly file: string; readonly source: string }[],
  { name, from, to }: HandMade,
): Rule {
  const [found, ...more] = sources.flatMap(({ file, source }) => {
    const match = from.exec(source);
    return match === null ? [] : [{ file, source, match }];
  });
  if (found === undefined || more.length > 0) {
    const where = found === undefined ? "no file" : "several files";
    throw new Error(`a rule made by hand, "${name}", fits ${where}: ${from}`);
  }
  const { file, source, match } = found;
  return {
    file,
    where: functionAround(source, match.index),
    name,
    at: match.index,
    length: match[0].length,
    replacement: match[0].replace(from, to),
  };
}

function functionAround(source: string, at: number): string {
  const names = [...source.slice(0, at).matchAll(/^(?:export )?(?:async )?function (\w+)/gm)];
  return names.at(-1)?.[1] ?? "(top)";
}
