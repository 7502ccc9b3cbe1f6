import { rmSync } from "node:fs";
import { join } from "node:path";
import { unpackedPackages } from "../unpack.ts";

/**
 * Where SimpleSAMLphp's files are.
 *
 * @param cache a folder of the project.
 */
export function unpackedSimpleSamlPhp(cache: string): string {
  const application = "usr/share/simplesamlphp";
  const folder = unpackedPackages({
    cache,
    name: "simplesamlphp",
    packages: ["simplesamlphp"],
    prepare: (unpacked) => {
      rmSync(join(unpacked, application, "modules/exampleauth/default-disable"), { force: true });
    },
  });
  return join(folder, application);
}
