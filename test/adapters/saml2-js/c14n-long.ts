/**
 * Compares our canonical form with xml-crypto's, libxml2's and xmlsec1's over many random documents,
 * and what our reader takes of damaged ones with saxes.
 *
 *     node --import tsx test/adapters/saml2-js/c14n-long.ts [DOCUMENTS]
 */
import process from "node:process";
import {
  differencesFromXmlCrypto,
  differencesFromXmllint,
  differencesFromXmlsec1,
} from "./support/c14n-comparisons.ts";
import { readerComparison } from "./support/reader-comparisons.ts";

const COMPARISONS = {
  "xml-crypto and @xmldom": differencesFromXmlCrypto,
  "libxml2 (xmllint --exc-c14n)": differencesFromXmllint,
  "xmlsec1 (signatures)": differencesFromXmlsec1,
  "saxes (what our reader takes)": (from: number, to: number) =>
    readerComparison(from, to).differences,
} as const;
const BATCH = 2000;

const documents = Number(process.argv[2] ?? 100_000);
for (const [name, differences] of Object.entries(COMPARISONS)) {
  const found: (string | number)[] = [];
  for (let from = 0; from < documents; from += BATCH) {
    found.push(...differences(from, Math.min(from + BATCH, documents)));
  }
  process.stdout.write(
    `${name}: ${documents} documents, ${found.length} differences ${found.slice(0, 10).join(", ")}\n`,
  );
  if (found.length > 0) process.exitCode = 1;
}
