import type { HostContext } from "../host-callbacks.ts";
import { PAGE_TEXTS, type PageTexts, type PageTextsGiven } from "./texts.ts";

/** Returns the texts for a request. */
export type ChooseTexts = (ctx: HostContext) => Promise<PageTexts>;

/** Texts for all requests, or a function that returns them per request. */
export type SettingsPageTexts =
  | PageTextsGiven
  | ((ctx: HostContext) => PageTextsGiven | undefined | Promise<PageTextsGiven | undefined>);

/** Makes {@link ChooseTexts}: the host's own texts where it gives any, English for the rest. */
export function makeChooseTexts(given: SettingsPageTexts = {}): ChooseTexts {
  if (typeof given !== "function") {
    const texts = overlaid(PAGE_TEXTS, given);
    return async () => texts;
  }
  return async (ctx) => overlaid(PAGE_TEXTS, (await given(ctx)) ?? {});
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
