import type { Settings } from "../../../domain/settings.ts";
import { keysOf } from "./form/fields.ts";

/** The sections of the page that show fields or settings, in their order. */
export const SECTIONS = [
  "status",
  "figures",
  "guide",
  "service-provider",
  "connections",
  "connection",
  "email",
  "domains",
  "proven-domains",
  "enforcement",
  "autoProvisioning",
  "rules",
  "licenses",
  "test",
  "activity",
] as const;

export type SectionId = (typeof SECTIONS)[number];

/** Where fields are whose names do not begin with their section's. */
const PLACED: readonly (readonly [prefix: string, section: SectionId])[] = [
  ["name", "connections"],
  ["connectionEnabled", "connections"],
  ["acceptsOtherDomains", "connections"],
  ["email-allowedDomains", "domains"],
  ["sharedDomains", "domains"],
  ["profile", "email"],
  ["autoProvisioning-rules", "rules"],
  ["autoProvisioning-whenNoRuleMatches", "rules"],
  ["untested", "test"],
  ...SECTIONS.map((section) => [section, section] as const),
];

/**
 * The section of a field or a fault, by its name. Who adds a field whose name begins like no section
 * adds it to {@link PLACED}; a test holds that every section shows its fields.
 */
export function sectionOf(name: string): SectionId | undefined {
  return PLACED.find(([prefix]) => name === prefix || name.startsWith(`${prefix}-`))?.[1];
}

/** The screens of the settings page. */
export type ScreenId =
  | "overview"
  | "setup"
  | "connections"
  | "attributes"
  | "new-users"
  | "domains"
  | "licenses"
  | "service"
  | "all";

/** Each screen has a URL of its own, and shows these sections. */
export const SCREENS: Readonly<Record<ScreenId, readonly SectionId[]>> = {
  overview: ["status", "figures", "activity"],
  setup: ["guide", "connection", "domains", "proven-domains", "autoProvisioning", "test"],
  connections: ["connections", "connection", "test"],
  attributes: ["email", "test"],
  "new-users": ["autoProvisioning", "rules", "test"],
  domains: ["domains", "proven-domains", "enforcement", "test"],
  licenses: ["licenses"],
  service: ["service-provider"],
  all: SECTIONS.filter((section) => section !== "guide" && section !== "figures"),
};

/** The screen at `/settings/page/NAME`; without a name, the overview, or the setup before it. */
export function screenNamed(name: string | undefined, settings: Settings): ScreenId | undefined {
  if (name === undefined) return isSetUp(settings) ? "overview" : "setup";
  return isScreen(name) ? name : undefined;
}

/** Whether an identity provider is connected. */
export function isSetUp({ connections }: Settings): boolean {
  return connections.some(({ idp }) => idp !== undefined);
}

function isScreen(name: string): name is ScreenId {
  return Object.hasOwn(SCREENS, name);
}

/** The URL of a screen, for its name in URLs. */
export function screenUrl(page: string, name: string | undefined): string {
  return name === undefined || name === "overview" ? page : `${page}/${name}`;
}

/** The screen on which a section is at home. */
export function screenOf(section: SectionId): ScreenId {
  const homes = keysOf(SCREENS).filter((screen) => screen !== "setup");
  const home = homes.find((screen) => SCREENS[screen].includes(section));
  return home ?? "all";
}
