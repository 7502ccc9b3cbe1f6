/**
 * SimpleSAMLphp as an identity provider, on PHP's own web server at a port of this computer:
 *
 *     tsx scripts/interop/simplesamlphp/serve.ts PORT FOLDER
 *
 * FOLDER holds settings.json (see settings.php) and the keys; all state goes in there.
 */
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { installInterpreter, PHP } from "../interpreters.ts";
import { serveUntilInputEnds } from "../serve-until-input-ends.ts";
import { unpackedSimpleSamlPhp } from "./unpack.ts";

const [port, folder] = process.argv.slice(2);
if (port === undefined || folder === undefined) throw new Error("usage: serve.ts PORT FOLDER");

installInterpreter(PHP);
const here = dirname(fileURLToPath(import.meta.url));
const application = unpackedSimpleSamlPhp(resolve(here, "../../../.cache"));
for (const name of ["log", "data", "tmp"]) mkdirSync(join(folder, name), { recursive: true });

const phpSettings = ["display_errors=0", "log_errors=0", `session.save_path=${folder}/tmp`];
await serveUntilInputEnds({
  program: PHP.program,
  args: [
    ...phpSettings.flatMap((setting) => ["-d", setting]),
    ...["-S", `127.0.0.1:${port}`, "-t", join(application, "www")],
  ],
  env: {
    SIMPLESAMLPHP_CONFIG_DIR: join(here, "config"),
    INTEROP_IDP_SETTINGS: resolve(folder, "settings.json"),
  },
  probeUrl: `http://127.0.0.1:${port}/saml2/idp/metadata.php`,
});
