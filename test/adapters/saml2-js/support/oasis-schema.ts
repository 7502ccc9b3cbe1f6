import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const CATALOG = fileURLToPath(new URL("./schema-catalog.xml", import.meta.url));

/** What xmllint says against an OASIS schema (Debian: opensaml-schemas, xmltooling-schemas). */
export function schemaFaults(xml: string, schema: "metadata" | "protocol"): string {
  const file = `/usr/share/xml/opensaml/saml-schema-${schema}-2.0.xsd`;
  const { status, stderr } = spawnSync("xmllint", ["--noout", "--nonet", "--schema", file, "-"], {
    input: xml,
    encoding: "utf8",
    env: { ...process.env, XML_CATALOG_FILES: CATALOG },
  });
  return status === 0 ? "" : stderr;
}
