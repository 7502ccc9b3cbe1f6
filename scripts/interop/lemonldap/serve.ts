/**
 * LemonLDAP::NG as an identity provider at a port of this computer; see portal.psgi:
 *
 *     tsx scripts/interop/lemonldap/serve.ts PORT FOLDER
 *
 * FOLDER holds conf/lmConf-N.json, as the manager saves it; all state goes in there. The server
 * reads the one with the highest N when it starts, and at each request for /reload.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { installInterpreter, PERL } from "../interpreters.ts";
import { serveUntilInputEnds } from "../serve-until-input-ends.ts";
import { unpackedPackages } from "../unpack.ts";

const [port, folder] = process.argv.slice(2);
if (port === undefined || folder === undefined) throw new Error("usage: serve.ts PORT FOLDER");

installInterpreter(PERL);
const unpacked = unpackedPackages({
  cache: fileURLToPath(new URL("../../../.cache", import.meta.url)),
  name: "lemonldap-ng",
  packages: ["common", "handler", "portal"].map((part) => `liblemonldap-ng-${part}-perl`),
});
for (const name of ["sessions/lock", "psessions/lock"]) {
  mkdirSync(join(folder, name), { recursive: true });
}
const ini = resolve(folder, "lemonldap-ng.ini");
writeFileSync(
  ini,
  `[all]
logger = Lemonldap::NG::Common::Logger::Std
logLevel = error
[configuration]
type = File
dirName = ${resolve(folder, "conf")}
[portal]
templateDir = ${join(unpacked, "usr/share/lemonldap-ng/portal/templates")}
languages = en
`,
);
await serveUntilInputEnds({
  program: PERL.program,
  args: [
    ...["/usr/bin/plackup", "-s", "HTTP::Server::PSGI", "-E", "deployment"],
    ...["--no-default-middleware", "-o", "127.0.0.1", "-p", port],
    fileURLToPath(new URL("portal.psgi", import.meta.url)),
  ],
  env: { PERL5LIB: join(unpacked, "usr/share/perl5"), LLNG_DEFAULTCONFFILE: ini },
  probeUrl: `http://127.0.0.1:${port}/saml/metadata`,
});
