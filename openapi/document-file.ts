import { readFileSync } from "node:fs";
import { z } from "zod";
import { openApiDocument } from "./document.ts";
import { OPERATIONS } from "./operations.ts";

/** The file that the plugin serves, and that is published with it. */
export const DOCUMENT_FILE: URL = new URL("../src/adapters/koa/openapi.json", import.meta.url);

const Package = z.object({ version: z.string() });

/** What {@link DOCUMENT_FILE} has to say: the settings API has the version of the package. */
export function documentText(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const { version } = Package.parse(JSON.parse(text));
  return `${JSON.stringify(openApiDocument(OPERATIONS, version), undefined, 2)}\n`;
}
