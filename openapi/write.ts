/**
 * Writes the OpenAPI document of the settings API, which the plugin serves as a file:
 *
 *     npm run openapi
 *
 * A test of the document fails while the file differs from what the operations say.
 */
import { writeFileSync } from "node:fs";
import { DOCUMENT_FILE, documentText } from "./document-file.ts";

writeFileSync(DOCUMENT_FILE, documentText());
