import { spawnSync } from "node:child_process";
import { installPackages } from "../services/debian.ts";

/** An interpreter with the libraries that an identity provider of the interop tests loads. */
export interface Interpreter {
  readonly program: string;
  /** Debian packages that have it all. */
  readonly packages: readonly string[];
  readonly isComplete: () => boolean;
}

const PHP_EXTENSIONS = ["dom", "mbstring", "openssl", "pdo_sqlite"];

/** Of SimpleSAMLphp. */
export const PHP: Interpreter = {
  program: "php",
  packages: ["php-cli", "php-xml", "php-mbstring", "php-sqlite3"],
  isComplete: () => {
    const { status, stdout } = spawnSync("php", ["-m"], { encoding: "utf8" });
    return status === 0 && PHP_EXTENSIONS.every((name) => stdout.toLowerCase().includes(name));
  },
};

// Debian's own of these two: others on the path do not see Debian's packages.

/** Of pysaml2. */
export const PYTHON: Interpreter = {
  program: "/usr/bin/python3",
  packages: ["python3-pysaml2", "xmlsec1"],
  isComplete: () => spawnSync(PYTHON.program, ["-c", "import saml2"]).status === 0,
};

/** Modules that LemonLDAP::NG loads, and the Debian packages that have them. */
const PERL_MODULES: Readonly<Record<string, string>> = {
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

/** Of LemonLDAP::NG. */
export const PERL: Interpreter = {
  program: "/usr/bin/perl",
  packages: Object.values(PERL_MODULES),
  isComplete: () => {
    const load = Object.keys(PERL_MODULES).map((name) => `use ${name} ();`);
    return spawnSync(PERL.program, ["-e", load.join(" ")]).status === 0;
  },
};

/** Debian packages of all interpreters that are not complete on this machine. */
export function missingInterpreters(): readonly string[] {
  return [PHP, PYTHON, PERL].flatMap((one) => (one.isComplete() ? [] : one.packages));
}

/** Makes sure that an interpreter is there with its libraries. */
export function installInterpreter({ program, packages, isComplete }: Interpreter): void {
  if (!isComplete()) installPackages(packages);
  if (!isComplete()) {
    throw new Error(`${program} lacks libraries that ${packages.join(", ")} should have`);
  }
}
