import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { PROBLEMS } from "../src/adapters/koa/problems.ts";
import { type Components, type Direction, type JsonSchema, jsonSchemaOf } from "./json-schema.ts";
import type { Answer, Content, Operation } from "./operation.ts";
import { API_PROBLEMS, type ApiProblemCode, PROBLEM_EXAMPLES, ProblemSchema } from "./problems.ts";

/** An OpenAPI 3.1 document without its servers. */
export interface OpenApiDocument {
  readonly openapi: "3.1.1";
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const PROBLEM_TYPE = "application/problem+json";

/** Of every call. */
const ALWAYS: readonly ApiProblemCode[] = [
  "forbidden",
  "tenant-unknown",
  "internal",
  "storage-unavailable",
];
/** Of calls with a body. */
const WITH_BODY: readonly ApiProblemCode[] = [
  "bad-request",
  "body-too-large",
  "type-unsupported",
  "encoding-unsupported",
];

/** Describes calls in OpenAPI 3.1, with the schemas that read what is sent. */
export function openApiDocument(
  operations: readonly Operation[],
  version: string,
): OpenApiDocument {
  const schemas: Components = {};
  const problem = jsonSchemaOf(ProblemSchema, "output", schemas);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: described(operation, problem, schemas),
    };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Single sign-on settings",
      version,
      description:
        "Settings and audit trail for the administrators of an account. Every call requires the platform's session of an administrator.",
      license: { name: "MIT", identifier: "MIT" },
    },
    paths,
    components: { schemas, examples: problemExamples() },
  };
}

function described(operation: Operation, problem: JsonSchema, schemas: Components) {
  const { operationId, summary, description, body, answers } = operation;
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: parametersOf(operation),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": contentOf(body, "input", schemas) },
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, schemas)]),
      ),
      ...problemsOf(operation, problem),
    },
  };
}

function contentOf(content: Content, direction: Direction, schemas: Components) {
  const { schema, example, others = {} } = content;
  const examples = Object.entries({ usual: example, ...others }).map(([name, value]) => [
    name,
    { value },
  ]);
  return {
    schema: jsonSchemaOf(schema, direction, schemas),
    examples: Object.fromEntries(examples),
  };
}

function answerOf({ description, headers, content }: Answer, schemas: Components) {
  return {
    description,
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, says]) => [
              name,
              { description: says, schema: { type: "string" } },
            ]),
          ),
        }),
    ...(Object.keys(content).length === 0
      ? {}
      : {
          content: Object.fromEntries(
            Object.entries(content).map(([type, one]) => [type, contentOf(one, "output", schemas)]),
          ),
        }),
  };
}

/** What a schema of a query has for each parameter. */
const Query = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())),
  required: z.array(z.string()).default([]),
});

function parametersOf({ pathParameters = {}, headers = {}, query }: Operation) {
  const text = { type: "string" };
  const inPath = Object.entries(pathParameters).map(([name, description]) => {
    return { name, in: "path", required: true, description, schema: text };
  });
  const inHeader = Object.entries(headers).map(([name, description]) => {
    return { name, in: "header", required: true, description, schema: text };
  });
  if (query === undefined) return [...inPath, ...inHeader];
  const { properties, required } = Query.parse(jsonSchemaOf(query, "input", {}));
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
  return [...inPath, ...inHeader, ...inQuery];
}

function problemsOf(operation: Operation, problem: JsonSchema) {
  const codes: readonly ApiProblemCode[] = [
    ...ALWAYS,
    ...(operation.method === "get" ? [] : (["cross-site"] as const)),
    ...(operation.body === undefined ? [] : WITH_BODY),
    ...(operation.query === undefined ? [] : (["query-invalid"] as const)),
    ...(operation.problems ?? []),
  ];
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))].sort();
  const byStatus = statuses.map((status) => {
    const these = codes.filter((code) => PROBLEMS[code].status === status);
    return [String(status), problemAnswer(these, problem)] as const;
  });
  return {
    ...Object.fromEntries(byStatus),
    "4XX": {
      description: "The platform refuses the request, with its own message.",
      content: {
        [PROBLEM_TYPE]: { schema: { allOf: [problem, coded(["refused-by-host"])] } },
      },
    },
  };
}

function problemAnswer(codes: readonly ApiProblemCode[], problem: JsonSchema) {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].when}.`).join(" "),
    content: {
      [PROBLEM_TYPE]: {
        schema: { allOf: [problem, coded(codes)] },
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
  };
}

function coded(codes: readonly string[]): JsonSchema {
  return { properties: { code: { enum: codes } } };
}

function problemExamples() {
  return Object.fromEntries(API_PROBLEMS.map((code) => [code, { value: exampleOf(code) }]));
}

function exampleOf(code: ApiProblemCode) {
  const { status, detail } = PROBLEMS[code];
  const title = STATUS_CODES[status] ?? "Error";
  return { type: "about:blank", title, status, code, detail, ...PROBLEM_EXAMPLES[code] };
}
