import { isSamlActor } from "../../../application/audit/audit.ts";
import type { AuditEntry } from "../../../domain/audit.ts";
import type { TestWarning } from "../../../domain/test-sign-in.ts";
import type { Explanation } from "../../../domain/texts/administrator-explanations.ts";
import { explanationOf } from "../../../domain/texts/administrator-explanations.ts";
import {
  fillIn,
  type TextValue,
  type TextValues,
  type Worded,
} from "../../../domain/texts/faults.ts";
import type { UserMessage } from "../../../domain/texts/user-explanations.ts";
import type { Logger } from "../../../ports/environment.ts";
import { type Awaitable, callHost, HostMistakeError, partFailed } from "../../../ports/errors.ts";
import type { HostContext } from "../host-callbacks.ts";
import { loadOnce } from "../send.ts";
import { PAGE_TEXTS, type PageTexts } from "./texts/english.ts";

export type { PageTexts };

/** `T`, deeply partial; lists are whole. */
export type DeepPartial<T> = T extends (...args: never) => unknown
  ? T
  : T extends readonly unknown[]
    ? T
    : T extends object
      ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
      : T;

/** The host's texts, which replace some or all of a language. */
export type PageTextsGiven = DeepPartial<PageTexts>;

/** Languages of the pages, and the host's own texts. */
export interface LanguageOptions {
  /**
   * BCP 47 tags of the languages that users can get, such as `["de-AT", "en"]`; the first is for
   * requests that ask for none of them. Default: `["en", "de"]`, every language of this package.
   */
  readonly offered?: readonly string[];
  /**
   * Chooses the language of a request, such as that of the user's profile. Default, and where it
   * returns a language that is not offered: by `Accept-Language`.
   */
  readonly choose?: (ctx: HostContext) => Awaitable<string | undefined | null>;
  /**
   * Texts that replace ours: by language tag, or a function that returns them for a request in a
   * language. In a language that this package does not have, what is missing is English.
   */
  readonly texts?:
    | Readonly<Record<string, PageTextsGiven>>
    | ((ctx: HostContext, language: string) => Awaitable<PageTextsGiven | undefined>);
}

/** Returns the texts for a request, in its language. Never fails. */
export type ChooseTexts = (ctx: HostContext) => Promise<PageTexts>;

/** The languages of this package besides English: loaded when a request asks for one. */
const LANGUAGES: Readonly<Record<string, () => Promise<PageTexts>>> = {
  de: loadOnce(async () => (await import("./texts/german.ts")).GERMAN_TEXTS),
};

/** Default of {@link LanguageOptions.offered}. */
export const OFFERED_LANGUAGES: readonly [string, ...string[]] = ["en", "de"];

/** Makes {@link ChooseTexts}: the host's own texts over ours in the language of the request. */
export function makeChooseTexts(
  { offered = OFFERED_LANGUAGES, choose, texts }: LanguageOptions = {},
  logger: Logger,
): ChooseTexts {
  /** Users get a page in some language, whatever fails. */
  async function orElse<T>(part: string, otherwise: T, read: () => Awaitable<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      logger.error(partFailed(`languages ${part}`, error));
      return otherwise;
    }
  }

  const kept = new Map<string, Promise<PageTexts>>();
  function textsOf(language: string): Promise<PageTexts> {
    const known = kept.get(language);
    if (known !== undefined) return known;
    const made = orElse(language, undefined, () => shippedTexts(language)).then((shipped) => {
      // A file that could not be loaded may be there at the next request.
      if (shipped === undefined) kept.delete(language);
      const own = typeof texts === "object" ? texts : {};
      const base = { ...(shipped ?? PAGE_TEXTS), lang: language };
      return [primaryOf(language), language].reduce(
        (below, tag) => overlaid(below, Object.hasOwn(own, tag) ? (own[tag] ?? {}) : {}),
        base,
      );
    });
    kept.set(language, made);
    return made;
  }

  return async (ctx) => {
    const chosen =
      choose &&
      (await orElse("choose", undefined, () => callHost("languages.choose", () => choose(ctx))));
    const wanted = offered.find((tag) => tag === chosen);
    const language =
      wanted ?? (ctx.acceptsLanguages([...offered]) || (offered[0] ?? PAGE_TEXTS.lang));
    const base = inRegionOf(ctx, await textsOf(language));
    if (typeof texts !== "function") return base;
    const own = await orElse("texts", undefined, async () =>
      checked(await callHost("languages.texts", () => texts(ctx, language))),
    );
    return overlaid(base, own ?? {});
  };
}

/**
 * Texts that the host's function returned.
 *
 * @throws HostMistakeError for texts that no page could show.
 */
function checked(given: PageTextsGiven | undefined | null): PageTextsGiven {
  const [fault] = textFaults(given ?? {});
  if (fault === undefined) return given ?? {};
  throw new HostMistakeError(`languages.texts: ${fault.path.join(".")} ${fault.message}`);
}

/** `undefined` if the language could not be loaded. */
async function shippedTexts(language: string): Promise<PageTexts> {
  const load = [language, primaryOf(language)].find((tag) => Object.hasOwn(LANGUAGES, tag));
  return load === undefined ? PAGE_TEXTS : ((await LANGUAGES[load]?.()) ?? PAGE_TEXTS);
}

/** A language and a region, such as `en-GB` and `zh-Hant-TW`; nothing that changes the calendar. */
const WITH_REGION = /^[a-z]{2,3}-(?:[a-z]{4}-)?(?:[a-z]{2}|\d{3})$/i;

/**
 * The same texts with the language as the browser has it: dates and numbers are written as in its
 * region. What a host offers for a region stays as it is.
 */
function inRegionOf(ctx: HostContext, texts: PageTexts): PageTexts {
  const { lang } = texts;
  const wanted = ctx.acceptsLanguages().find((tag) => primaryOf(tag).toLowerCase() === lang);
  return wanted !== undefined && WITH_REGION.test(wanted) ? { ...texts, lang: wanted } : texts;
}

function primaryOf(language: string): string {
  return language.split("-")[0] ?? language;
}

/** `base` with the members that `over` has, as deep as both are objects. */
function overlaid<T extends object>(base: T, over: object): T {
  const result: T = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below: unknown = Reflect.get(base, name);
    const both = isMembers(below) && isMembers(value);
    Reflect.set(result, name, both ? overlaid(below, value) : (value ?? below));
  }
  return result;
}

function isMembers(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is wrong with a host's texts, by path: texts that there are not, and texts of another type. */
export function textFaults(
  given: object,
  base: object = PAGE_TEXTS,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (!Object.hasOwn(base, name)) return [{ path: [name], message: "is no text of the pages" }];
    const known: unknown = Reflect.get(base, name);
    if (isMembers(known) && isMembers(value)) {
      return textFaults(value, known).map(({ path, message }) => ({
        path: [name, ...path],
        message,
      }));
    }
    const kind = kindOf(known);
    return kindOf(value) === kind ? [] : [{ path: [name], message: `must be ${kind}` }];
  });
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "function":
      return "a function";
    case "object":
      return "an object";
    default:
      return "a string";
  }
}

/** A message in the language of the page. */
export function inWords({ text, values, message }: Worded, texts: PageTexts): string {
  return text === undefined ? message : filled(texts.faults[text], values, texts);
}

/** A warning about a decision or a response, in the language of the page. */
export function warningIn({ code, text, values }: TestWarning, texts: PageTexts): string {
  const known: Readonly<Record<string, string>> = { ...texts.faults, ...texts.provisioning };
  return filled(Object.hasOwn(known, code) ? (known[code] ?? text) : text, values, texts);
}

/** A text with its values as the language of the page writes them. */
function filled(text: string, values: TextValues | undefined, texts: PageTexts): string {
  return fillIn(text, values, (value) => written(value, texts));
}

function written(value: TextValue, { lang }: PageTexts): string {
  if (value instanceof Date) return timeText(value.getTime(), lang);
  return typeof value === "number" ? new Intl.NumberFormat(lang).format(value) : value;
}

/** A time in UTC, or its day: only the browser knows where it is. */
export function timeText(at: number, lang: string, day = false): string {
  const text = new Intl.DateTimeFormat(lang, {
    dateStyle: "medium",
    ...(day ? {} : { timeStyle: "short" }),
    timeZone: "UTC",
  }).format(at);
  return day ? text : `${text} UTC`;
}

/** The explanation of a refusal in the language of the page; see {@link explanationOf}. */
export function explanationIn(
  { explanations }: PageTexts,
  code: Parameters<typeof explanationOf>[0],
  cause?: string,
): Explanation | undefined {
  return explanationOf(code, cause, explanations);
}

/** What a user is shown of a refusal. */
export function userWords(
  { sentence, advice }: UserMessage,
  { people }: PageTexts,
): { readonly sentence: string; readonly advice: string } {
  return { sentence: people.sentences[sentence], advice: people.advice[advice] };
}

/** The user or administrator of an audit entry. */
export function whoIs(
  { email, actor }: Pick<AuditEntry, "email" | "actor">,
  { activity: { nobody } }: PageTexts,
): string {
  return email ?? (isSamlActor(actor) ? nobody : (actor ?? nobody));
}
