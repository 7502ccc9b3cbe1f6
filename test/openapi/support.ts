import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { DOCUMENT_FILE } from "../../openapi/document-file.ts";

/** The document as anybody reads it. */
export interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly examples: Readonly<Record<string, { readonly value: unknown }>> };
}

export interface DescribedOperation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: DescribedContent };
  readonly responses: Readonly<Record<string, { readonly content?: DescribedContent }>>;
}

type DescribedContent = Readonly<
  Record<
    string,
    { readonly schema: object; readonly examples?: Readonly<Record<string, { value: unknown }>> }
  >
>;

/** The text that is published and served. */
export const DOCUMENT_TEXT: string = readFileSync(DOCUMENT_FILE, "utf8");

export const DOCUMENT: Described = JSON.parse(DOCUMENT_TEXT) as Described;

const ROOT = "https://openapi.example/document";
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ ...DOCUMENT, $id: ROOT });

/** What is wrong with `value` by the schema at a place of the document; empty when nothing is. */
export function faultsAt(place: readonly string[], value: unknown): string {
  const pointer = place.map((step) =>
    encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1")),
  );
  const validate = ajv.getSchema(`${ROOT}#/${pointer.join("/")}`);
  if (validate === undefined) return `no schema at ${place.join(" ")}`;
  return validate(value) === true ? "" : ajv.errorsText(validate.errors);
}

/** Every operation with its place. */
export function operations(): readonly {
  readonly path: string;
  readonly method: string;
  readonly operation: DescribedOperation;
}[] {
  return Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}
