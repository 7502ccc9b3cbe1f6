/**
 * pysaml2 as an identity provider at a port of this computer; see idp.py:
 *
 *     tsx scripts/interop/pysaml2/serve.ts PORT FOLDER
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { installInterpreter, PYTHON } from "../interpreters.ts";
import { serveUntilInputEnds } from "../serve-until-input-ends.ts";

const [port, folder] = process.argv.slice(2);
if (port === undefined || folder === undefined) throw new Error("usage: serve.ts PORT FOLDER");

installInterpreter(PYTHON);
await serveUntilInputEnds({
  program: PYTHON.program,
  args: ["-B", fileURLToPath(new URL("idp.py", import.meta.url)), port, folder],
  probeUrl: `http://127.0.0.1:${port}/metadata`,
});
