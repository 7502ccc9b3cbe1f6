import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { describe, it } from "mocha";

/** Licences that let a host ship us with its product, whatever its own licence is. */
const PERMISSIVE: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "(MIT OR CC0-1.0)",
];

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly version?: string;
  readonly license?: string;
}

const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync("package-lock.json", "utf8"),
);

/** What `npm install koa-saml-jit` brings a host. */
const shipped = Object.entries(lock.packages).filter(
  ([path, { dev, optional, peer }]) => path !== "" && !dev && !optional && !peer,
);

describe("what reaches hosts with the package", () => {
  it("has a permissive licence, each of it", () => {
    const others = shipped.flatMap(([path, { license }]) =>
      license !== undefined && PERMISSIVE.includes(license) ? [] : [`${path}: ${license}`],
    );
    expect(others).to.deep.equal([]);
    expect(shipped).to.have.length.greaterThan(30);
  });

  it("is listed in the SBOM of a release", () => {
    const output = execFileSync("npm", ["run", "--silent", "sbom"], { encoding: "utf8" });
    const sbom: {
      readonly bomFormat: string;
      readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly group?: string;
      }[];
    } = JSON.parse(output);
    expect(sbom.bomFormat).to.equal("CycloneDX");
    const listed = sbom.components.map(({ name, version }) => `${name}@${version}`);
    const wanted = shipped.map(([path, { version }]) => {
      return `${path.split("node_modules/").at(-1)}@${version}`;
    });
    expect(listed).to.include.members(wanted);
  });

  it("has no js-yaml with the prototype pollution of GHSA-mh29-5h37-fv8m in our own tree", () => {
    const versions = shipped.flatMap(([path, { version }]) =>
      path.endsWith("node_modules/js-yaml") ? [version] : [],
    );
    expect(versions).to.deep.equal(["3.14.2"]);
  });
});
