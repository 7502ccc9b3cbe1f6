import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";
import { ATTRIBUTE_PRESETS, type AttributePreset } from "../../src/domain/attribute-presets.ts";
import { IDENTITY_PROVIDER_GUIDES } from "../../src/domain/texts/identity-provider-guides.ts";
import { DENIAL_SENTENCE } from "../../src/domain/texts/user-explanations.ts";
import { guideMarkdown } from "./support/guide-markdown.ts";

const FOLDER = new URL("../../docs/identity-providers/", import.meta.url);

describe("the pages on identity providers", () => {
  it("are one for each preset, and all linked from the first page", () => {
    const pages = readdirSync(FOLDER).filter((name) => name !== "README.md");
    const expected = ATTRIBUTE_PRESETS.map(({ vendor }) => `${vendor}.md`);
    expect(pages.sort()).to.deep.equal([...expected].sort());
    const first = page("README");
    for (const { vendor, name } of ATTRIBUTE_PRESETS) {
      expect(first).to.include(`[${name}](${vendor}.md)`);
    }
  });

  for (const preset of ATTRIBUTE_PRESETS) {
    describe(preset.name, () => {
      const text = page(preset.vendor);

      it("is called so", () => {
        expect(text.split("\n")[0]).to.equal(`# ${preset.name}`);
      });

      it("says that things are where the preset looks for them", () => {
        const rows = table(text, "Attributes").map(([what, where]) => [what, code(where)]);
        expect(rows).to.deep.equal(placesOf(preset));
      });

      it("has the steps that the settings page shows (npm run docs:guides)", () => {
        const steps = guideMarkdown(IDENTITY_PROVIDER_GUIDES[preset.vendor]).trimEnd();
        expect(text).to.include(`# ${preset.name}\n\n${steps}\n\n## Attributes\n`);
      });

      it("names only codes of mistakes that exist", () => {
        const codes = table(text, "Common mistakes").flatMap(([, activity = ""]) =>
          [...activity.matchAll(/`([a-z]+(?:-[a-z0-9]+)+)`/g)].map(([, found = ""]) => found),
        );
        expect(codes).to.not.deep.equal([]);
        for (const found of codes) expect(KNOWN_CODES, found).to.include(found);
      });
    });
  }
});

describe("the page on troubleshooting", () => {
  it("names only codes that exist", () => {
    const text = readFileSync(new URL("../TROUBLESHOOTING.md", FOLDER), "utf8");
    const [, summary = ""] = text.split("| code | look at |");
    const [rows = ""] = summary.split("\n## ");
    expect(rows).to.include("`audience-mismatch`");
    for (const [, found = ""] of `${rows}`.matchAll(/`([a-z-]+)`/g)) {
      expect(KNOWN_CODES).to.include(found);
    }
  });
});

/** Read from the source: a union of literals leaves nothing to be asked at run time. */
const KNOWN_CODES: readonly string[] = [
  ...Object.keys(DENIAL_SENTENCE),
  ...[...source("domain/rejection.ts").matchAll(/^ {2}\| "([a-z0-9-]+)"/gm)].map(
    ([, found = ""]) => found,
  ),
];

function placesOf(preset: AttributePreset): readonly (readonly [string, string])[] {
  const { displayName, firstName = "", lastName = "" } = preset.profile;
  return [
    ["email", preset.email],
    ...(displayName === undefined ? [] : ([["display name", displayName]] as const)),
    ["first name", firstName],
    ["last name", lastName],
  ];
}

/** The cells of the table under a heading, without its head. */
function table(text: string, heading: string): readonly (readonly string[])[] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2).map((row) =>
    row
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim()),
  );
}

function code(cell: string | undefined): string | undefined {
  return /^`(.*)`$/.exec(cell ?? "")?.[1];
}

function page(name: string): string {
  return readFileSync(new URL(`${name}.md`, FOLDER), "utf8");
}

function source(path: string): string {
  return readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");
}
