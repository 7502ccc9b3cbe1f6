import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { describe, it } from "mocha";

/** Every file of the source, and the program that is beside the plugin. */
const PROGRAM = "src/dev-idp/";
const EVERY_FILE = readdirSync("src", { recursive: true, withFileTypes: true, encoding: "utf8" })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const FILES = EVERY_FILE.filter((path) => !path.startsWith(PROGRAM));

const CODE = EVERY_FILE.filter((path) => /\.tsx?$/.test(path)).map((path) => {
  const text = readFileSync(path, "utf8");
  return { path, text, lines: text.split("\n").length - 1 };
});

/** The files that contain `name` as a word. Translations follow the English text, in one place each. */
const naming = (name: string): readonly string[] =>
  CODE.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text))
    .map(({ path }) => path)
    .filter((path) => !isTranslation(path));

const isTranslation = (path: string): boolean => /\/texts\/german\.ts$/.test(path);

/** What was measured last: a ceiling may fall, and a floor may rise. */
const CEILINGS = {
  files: 268,
  filesOfTheProgram: 5,
  filesOfOneFolder: 25,
  filesOfTheRoot: 3,
  linesOfOneFile: 500,
  dependenciesInterfaces: 30,
};
const FLOORS = { medianLines: 70 };

describe("the house", () => {
  it(`has at most ${CEILINGS.files} files, but translations`, () =>
    expect(FILES.filter((path) => !isTranslation(path)).length).to.be.at.most(CEILINGS.files));

  it(`has at most ${CEILINGS.filesOfTheProgram} files in ${PROGRAM}`, () =>
    expect(EVERY_FILE.length - FILES.length).to.be.at.most(CEILINGS.filesOfTheProgram));

  it(`has at most ${CEILINGS.filesOfOneFolder} files in a folder, ${CEILINGS.filesOfTheRoot} in the root`, () => {
    const counts = new Map<string, number>();
    for (const path of FILES) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    const full = [...counts].filter(([, count]) => count > CEILINGS.filesOfOneFolder);
    expect(full).to.deep.equal([]);
    expect(counts.get("src")).to.be.at.most(CEILINGS.filesOfTheRoot);
  });

  it(`has no file of more than ${CEILINGS.linesOfOneFile} lines, but texts`, () => {
    const long = CODE.filter(
      ({ path, lines }) => lines > CEILINGS.linesOfOneFile && !path.includes("/texts/"),
    );
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).to.deep.equal([]);
  });

  it(`has files of ${FLOORS.medianLines} lines at the median, or more`, () => {
    const lengths = CODE.map(({ lines }) => lines).sort((one, other) => one - other);
    expect(lengths[Math.floor(lengths.length / 2)]).to.be.at.least(FLOORS.medianLines);
  });

  it(`writes dependencies as an interface of its own at most ${CEILINGS.dependenciesInterfaces} times`, () => {
    const found = CODE.flatMap(({ text }) => text.match(/\binterface \w+Deps\b/g) ?? []);
    expect(found.length).to.be.at.most(CEILINGS.dependenciesInterfaces);
  });

  it("knows awilix in the registry alone", () =>
    expect(
      CODE.filter(({ text }) => /(?:from|import\() ?"awilix/.test(text)).map(({ path }) => path),
    ).to.deep.equal(["src/plugin/registry.ts"]));

  // A flag that one check reads: settings, their document, the form's field, text and place, the check.
  for (const [flag, most] of Object.entries({ idpInitiated: 6, acceptExpiredCertificates: 6 })) {
    it(`names the flag ${flag} of a connection in at most ${most} files`, () =>
      expect(naming(flag)).to.have.lengthOf.at.most(most));
  }

  it("has what CONTRIBUTING.md names", () => {
    const guide = readFileSync("CONTRIBUTING.md", "utf8");
    const named = [...guide.matchAll(/`((?:src|test|openapi|scripts)\/[\w./-]+)`/g)].map(
      ([, path = ""]) => path,
    );
    expect(named.length).to.be.above(20);
    expect(named.filter((path) => !existsSync(path))).to.deep.equal([]);
  });
});
