import { z } from "zod";
import type { Answers } from "../src/adapters/koa/api-answers.ts";
import { NoQuery } from "../src/adapters/koa/request.ts";
import { DomainRequest } from "../src/adapters/koa/settings/domain-routes.ts";
import { proofRecord } from "../src/domain/domain-proof.ts";
import { jsonAnswer, type Operation } from "./operation.ts";
import { WireTime } from "./problems.ts";
import { responseOf } from "./response.ts";

/** A domain with its record. */
const DomainSchema = responseOf<Answers["addDomain"]>()(
  z
    .strictObject({
      domain: z.string().meta({ description: "Lower-case A-labels." }),
      state: z.enum(["unproven", "proven", "lost"]).meta({
        description:
          "`lost`: the record of a proven domain is missing. The domain stays proven until it is removed.",
      }),
      record: z
        .strictObject({ name: z.string(), value: z.string() })
        .meta({ description: "The TXT record that proves the domain." }),
      createdAt: WireTime,
      checkedAt: WireTime.exactOptional(),
      provenAt: WireTime.exactOptional(),
      lostAt: WireTime.exactOptional(),
    })
    .meta({ id: "Domain" }),
);

const EXAMPLE: Answers["addDomain"] = {
  domain: "customer.example",
  createdAt: 1795443505614,
  state: "unproven",
  record: proofRecord({ domain: "customer.example", token: "7c4a8d09ca3762af61e59520943dc264" }),
};

const PROVEN = { ...EXAMPLE, state: "proven", checkedAt: 1795443509114, provenAt: 1795443509114 };

const IN_PATH = { domain: "A domain of the list." };
const WHERE = 'Only with the option `verifiedDomains: "dns"`.';

/** Operations of email domains that are proven by DNS. */
export const DOMAIN_OPERATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/settings/domains",
    operationId: "listDomains",
    summary: "Lists the domains to prove, with their records",
    description: WHERE,
    query: NoQuery,
    answers: {
      200: jsonAnswer(
        "All of them, in their order.",
        responseOf<Answers["listDomains"]>()(z.strictObject({ items: z.array(DomainSchema) })),
        { items: [PROVEN] },
      ),
    },
  },
  {
    method: "post",
    path: "/settings/domains",
    operationId: "addDomain",
    summary: "Makes the record that proves a domain",
    description: `${WHERE} A domain that is in the list keeps its record.`,
    body: { schema: DomainRequest, example: { domain: "customer.example" } },
    answers: { 200: jsonAnswer("The domain with its record.", DomainSchema, EXAMPLE) },
    problems: ["body-invalid"],
  },
  {
    method: "post",
    path: "/settings/domains/{domain}/check",
    operationId: "checkDomain",
    summary: "Looks for the record of a domain",
    description: WHERE,
    pathParameters: IN_PATH,
    answers: {
      200: jsonAnswer(
        "What DNS says.",
        responseOf<Answers["checkDomain"]>()(
          z.strictObject({
            domain: DomainSchema,
            answer: z.enum(["found", "missing", "unreachable"]).meta({
              description: "After `unreachable`, the domain is as it was.",
            }),
          }),
        ),
        { domain: PROVEN, answer: "found" },
      ),
    },
    problems: ["domain-unknown"],
  },
  {
    method: "delete",
    path: "/settings/domains/{domain}",
    operationId: "removeDomain",
    summary: "Removes a domain, which is not proven any more",
    description: WHERE,
    pathParameters: IN_PATH,
    answers: { 204: { description: "The domain is removed.", content: {} } },
    problems: ["domain-unknown"],
  },
];
