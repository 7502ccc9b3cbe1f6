import type { Random } from "./random.ts";

/** One attribute of a tag, as written. */
interface Written {
  readonly name: string;
  readonly value: string;
}

const ATTRIBUTE = /([\w:.-]+)="([^"]*)"/g;
const TAG = /<([\w:.-]+)((?: [\w:.-]+="[^"]*")*)(\/?)>/g;
const END_TAG = /<\/([\w:.-]+)>/g;
const SPACES = [" ", "  ", "\n", "\t", "\r\n", "\r", "\r\n\t"] as const;

/**
 * Writes XML in another of its ways: white space in tags, quotes, the order of attributes and
 * declarations, references, line ends, an XML declaration. Canonicalization does away with all of
 * it, so what was signed stays signed, as long as what is decrypted is left alone.
 */
export function rewritten(xml: string, random: Random): string {
  const often = random.pick([0, 0.1, 0.5, 0.9]);
  const space = (): string => (random.chance(often) ? random.pick(SPACES) : " ");
  const maybe = (): string => (random.chance(often) ? random.pick(SPACES) : "");
  const attribute = ({ name, value }: Written): string => {
    const quote = random.chance(often) && !value.includes("'") ? "'" : '"';
    return `${space()}${name}${maybe()}=${maybe()}${quote}${referring(value)}${quote}`;
  };
  const referring = (text: string): string =>
    text.includes("&") || !random.chance(often)
      ? text
      : text.replace(/[A-Za-z]/, (letter) => reference(letter, random));
  const tags = xml
    .replace(/^<\?xml.*?\?>\s*/s, "")
    .replace(TAG, (_, name: string, written: string, slash: string) => {
      const attributes = [...written.matchAll(ATTRIBUTE)].map(([, its = "", value = ""]) => ({
        name: its,
        value,
      }));
      if (random.chance(often)) attributes.reverse();
      return `<${name}${attributes.map(attribute).join("")}${maybe()}${slash}>`;
    })
    .replace(END_TAG, (_, name: string) => `</${name}${maybe()}>`);
  const lines = random.chance(often) ? tags.replace(/\r?\n/g, "\r\n") : tags;
  return `${declaration(random, space, maybe)}${lines}${maybe()}`;
}

function reference(letter: string, random: Random): string {
  const code = letter.charCodeAt(0);
  return random.pick([`&#${code};`, `&#x${code.toString(16)};`, `&#000${code};`]);
}

function declaration(random: Random, space: () => string, maybe: () => string): string {
  if (random.chance(0.5)) return "";
  const part = (name: string, values: readonly string[]): string =>
    `${space()}${name}${maybe()}=${maybe()}${random.pick(values)}`;
  const version = part("version", ['"1.0"', "'1.0'"]);
  const encoding = random.chance(0.7) ? part("encoding", ['"UTF-8"', "'utf-8'", '"Utf-8"']) : "";
  const standalone = random.chance(0.4) ? part("standalone", ['"yes"', "'no'"]) : "";
  return `<?xml${version}${encoding}${standalone}${maybe()}?>${maybe()}`;
}
