/**
 * LemonLDAP::NG as an identity provider at a port of this computer; see portal.psgi:
 *
 *     tsx scripts/interop/lemonldap/serve.ts PORT FOLDER
 *
 * FOLDER holds conf/lmConf-N.json, as the manager saves it; all state goes in there. The server
 * reads the one with the highest N when it starts, and at each request for /reload.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { installPackages } from "../../services/debian.ts";
import { serveUntilInputEnds } from "../serve-until-input-ends.ts";
import { unpackedPackages } from "../unpack.ts";

const [port, folder] = process.argv.slice(2);
if (port === undefined || folder === undefined) throw new Error("usage: serve.ts PORT FOLDER");

// Debian's own interpreter: others on the path do not see Debian's packages.
const perl = "/usr/bin/perl";
/** Modules that LemonLDAP::NG loads, and the Debian packages that have them. */
const MODULES: Readonly<Record<string, string>> = {
  "Apache::Session": "libapache-session-perl",
  "Cache::Cache": "libcache-cache-perl",
  "Class::XSAccessor": "libclass-xsaccessor-perl",
  Clone: "libclone-perl",
  "Config::IniFiles": "libconfig-inifiles-perl",
  "Crypt::OpenSSL::RSA": "libcrypt-openssl-rsa-perl",
  "Crypt::OpenSSL::X509": "libcrypt-openssl-x509-perl",
  "Crypt::Rijndael": "libcrypt-rijndael-perl",
  "Crypt::URandom": "libcrypt-urandom-perl",
  "Email::Date::Format": "libemail-date-format-perl",
  "HTML::Template": "libhtml-template-perl",
  "IO::String": "libio-string-perl",
  JSON: "libjson-perl",
  "JSON::XS": "libjson-xs-perl",
  Lasso: "liblasso-perl",
  "List::MoreUtils": "liblist-moreutils-perl",
  LWP: "libwww-perl",
  Mouse: "libmouse-perl",
  Plack: "libplack-perl",
  "Regexp::Assemble": "libregexp-assemble-perl",
  "Text::Unidecode": "libtext-unidecode-perl",
  URI: "liburi-perl",
  "XML::Simple": "libxml-simple-perl",
};
const load = Object.keys(MODULES).map((name) => `use ${name} ();`);
if (spawnSync(perl, ["-e", load.join(" ")]).status !== 0) installPackages(Object.values(MODULES));

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
  program: perl,
  args: [
    ...["/usr/bin/plackup", "-s", "HTTP::Server::PSGI", "-E", "deployment"],
    ...["--no-default-middleware", "-o", "127.0.0.1", "-p", port],
    fileURLToPath(new URL("portal.psgi", import.meta.url)),
  ],
  env: { PERL5LIB: join(unpacked, "usr/share/perl5"), LLNG_DEFAULTCONFFILE: ini },
  probeUrl: `http://127.0.0.1:${port}/saml/metadata`,
});
