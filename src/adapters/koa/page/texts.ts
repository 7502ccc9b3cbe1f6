import { type Awaitable, callHost } from "../../../ports/errors.ts";
import type { HostContext } from "../host-callbacks.ts";
import { PAGE_TEXTS } from "./texts/english.ts";

/** `T`, deeply read-only. */
export type DeepReadonly<T> = T extends (...args: never) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** `T`, deeply partial. */
export type DeepPartial<T> = T extends (...args: never) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** The texts of the settings page. */
export type PageTexts = DeepReadonly<typeof PAGE_TEXTS>;

/** The host's texts, which replace some or all of {@link PAGE_TEXTS}. */
export type PageTextsGiven = DeepPartial<PageTexts>;

/** Returns the texts for a request. */
export type ChooseTexts = (ctx: HostContext) => Promise<PageTexts>;

/** Texts for all requests, or a function that returns them per request. */
export type SettingsPageTexts =
  | PageTextsGiven
  | ((ctx: HostContext) => Awaitable<PageTextsGiven | undefined>);

/** Makes {@link ChooseTexts}: the host's own texts where it gives any, English for the rest. */
export function makeChooseTexts(given: SettingsPageTexts = {}): ChooseTexts {
  if (typeof given !== "function") {
    const texts = overlaid(PAGE_TEXTS, given);
    return async () => texts;
  }
  return async (ctx) =>
    overlaid(PAGE_TEXTS, (await callHost("settingsPage.texts", () => given(ctx))) ?? {});
}

/** `base` with the members that `over` has, as deep as both are objects. */
function overlaid<T extends object>(base: T, over: object): T {
  const result: T = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below: unknown = Reflect.get(base, name);
    const both = isPlain(below) && isPlain(value);
    Reflect.set(result, name, both ? overlaid(below, value) : (value ?? below));
  }
  return result;
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
