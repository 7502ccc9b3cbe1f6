/**
 * Prints a CycloneDX SBOM of what reaches hosts with the package: `npm run sbom`. Npm's own
 * `--omit=dev` also leaves out what a development dependency happens to use besides.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";

interface Component {
  readonly "bom-ref": string;
  readonly properties?: readonly { readonly name: string }[];
}

interface Sbom {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly metadata: { readonly component: Component };
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly version: string }>>;
}

const DEVELOPMENT = "cdx:npm:package:development";

const lock: Lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const shipped = new Set(
  Object.entries(lock.packages)
    .filter(([, { dev }]) => dev !== true)
    .map(([path, { version }]) => `${path.split("node_modules/").at(-1)}@${version}`),
);
const command = ["sbom", "--package-lock-only", "--sbom-format=cyclonedx"];
const whole: Sbom = JSON.parse(
  execFileSync("npm", command, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }),
);
const components = whole.components
  .filter((component) => shipped.has(component["bom-ref"]))
  // A version that is there twice, once for development, is marked by whichever copy was found first.
  .map(({ properties = [], ...component }) => ({
    ...component,
    properties: properties.filter(({ name }) => name !== DEVELOPMENT),
  }));
const root = whole.metadata.component["bom-ref"];
const dependencies = whole.dependencies
  .filter(({ ref }) => ref === root || shipped.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => shipped.has(one)) }));
process.stdout.write(`${JSON.stringify({ ...whole, components, dependencies }, undefined, 2)}\n`);
