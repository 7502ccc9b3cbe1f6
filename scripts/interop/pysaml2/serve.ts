/**
 * pysaml2 as an identity provider at a port of this computer; see idp.py:
 *
 *     tsx scripts/interop/pysaml2/serve.ts PORT FOLDER
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { installPackages } from "../../services/debian.ts";
import { serveUntilInputEnds } from "../serve-until-input-ends.ts";

const [port, folder] = process.argv.slice(2);
if (port === undefined || folder === undefined) throw new Error("usage: serve.ts PORT FOLDER");

// Debian's own interpreter: others on the path do not see Debian's packages.
const python = "/usr/bin/python3";
if (spawnSync(python, ["-c", "import saml2"]).status !== 0) {
  installPackages(["python3-pysaml2", "xmlsec1"]);
}
await serveUntilInputEnds({
  program: python,
  args: ["-B", fileURLToPath(new URL("idp.py", import.meta.url)), port, folder],
  probeUrl: `http://127.0.0.1:${port}/metadata`,
});
