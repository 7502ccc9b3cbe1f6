import type { IdentityPort, VerifiedAssertion } from "../../src/ports/identity-port.ts";
import { contents } from "../attacks/legitimate/contents.ts";
import { encrypted } from "../attacks/legitimate/encrypted.ts";
import { leniencies } from "../attacks/legitimate/leniencies.ts";
import { signatures } from "../attacks/legitimate/signatures.ts";
import { xmlForms } from "../attacks/legitimate/xml-forms.ts";
import { ACS_URL, ENTITY_ID, idp, NOW } from "../attacks/support/parties.ts";
import { formOf, PENDING } from "../attacks/support/port.ts";
import { startProcessorTime } from "../support/processor-time.ts";
import { makeRandom, type Random } from "./random.ts";
import { rewritten } from "./rewritten.ts";
import { FIELD_MUTATIONS, OCTET_MUTATIONS, sealed } from "./wire-mutations.ts";
import { XML_MUTATIONS } from "./xml-mutations.ts";

/** What went wrong, and what makes it go wrong again. */
export interface Finding {
  readonly what: string;
  readonly seed: number;
  /** The form field, as JSON. */
  readonly field: string;
}

/** What came of a run. */
export interface FuzzResult {
  readonly runs: number;
  /** How often each outcome came about. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly slowestMs: number;
  readonly findings: readonly Finding[];
}

/** How long to go on, and what is too long for one message. */
export interface FuzzOptions {
  readonly port: IdentityPort;
  readonly seed: number;
  readonly goOn: (runs: number) => boolean;
  readonly timeBoundMs: number;
  /** Of the valid responses to start from, take one in so many; each costs time to make. Default 1. */
  readonly oneIn?: number;
}

/** A valid response and what it says, as the port read it before anything was changed. */
interface Sample {
  readonly xml: string;
  readonly said: string;
}

/**
 * Changes valid responses at random, on every level, and holds the port to four promises: what it
 * takes says what was signed and answers what it claimed to, it never throws, and it answers in time.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { port, seed, goOn, timeBoundMs, oneIn = 1 } = options;
  const samples = await validSamples(port, oneIn);
  const outcomes = new Map<string, number>();
  const findings: Finding[] = [];
  let slowestMs = 0;
  let runs = 0;
  while (goOn(runs)) {
    const own = (seed + Math.imul(runs, 0x9e3779b1)) >>> 0;
    const random = makeRandom(own);
    const sample = random.pick(samples);
    const value = mutated(sample.xml, random);
    const report = (what: string): void => {
      findings.push({ what, seed: own, field: JSON.stringify(value) ?? "undefined" });
    };
    const spent = startProcessorTime();
    try {
      const { inResponseTo: claimed } = port.claimedHead({
        binding: "post",
        form: { SAMLResponse: value },
      });
      const result = await verify(port, { SAMLResponse: value });
      const outcome = result.kind === "verified" ? "verified" : result.code;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (result.kind === "verified" && statementOf(result) !== sample.said) {
        report("what was taken is not what was signed");
      }
      if (result.kind === "verified" && result.inResponseTo !== claimed) {
        report("what was taken answers another request than it claimed to");
      }
    } catch (error) {
      report(`it threw ${error}`);
    }
    const tookMs = spent();
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > timeBoundMs) report(`it took ${Math.round(tookMs)} ms`);
    runs += 1;
  }
  return { runs, outcomes, slowestMs, findings };
}

/** What came of valid responses that were written otherwise. */
export interface RewritingResult {
  readonly runs: number;
  /** Seed and outcome of whatever was not taken for what it was before. */
  readonly findings: readonly string[];
}

/** Writes valid responses, one in so many, in `times` other ways: each must be taken, and say the same. */
export async function rewritings(
  port: IdentityPort,
  { oneIn, times }: { readonly oneIn: number; readonly times: number },
): Promise<RewritingResult> {
  const samples = await validSamples(port, oneIn);
  const findings: string[] = [];
  let runs = 0;
  for (const { xml, said } of samples) {
    for (let count = 0; count < times; count += 1) {
      const other = rewritten(xml, makeRandom(runs));
      const SAMLResponse = Buffer.from(other).toString("base64");
      const result = await verify(port, { SAMLResponse });
      const answer = result.kind === "verified" ? statementOf(result) : result.detail;
      if (answer !== said) findings.push(`${runs}: ${answer}`);
      runs += 1;
    }
  }
  return { runs, findings };
}

function mutated(xml: string, random: Random): unknown {
  let changed = xml;
  for (let times = random.integer(4); times > 0; times -= 1) {
    changed = random.pick(XML_MUTATIONS)(changed, random);
  }
  if (random.chance(0.1)) changed = sealed(changed, random);
  let octets = Buffer.from(changed, "utf8");
  if (random.chance(0.25) && octets.length > 0) {
    octets = Buffer.from(random.pick(OCTET_MUTATIONS)(octets, random));
  }
  const field = octets.toString("base64");
  return random.chance(0.1) ? random.pick(FIELD_MUTATIONS)(field, random) : field;
}

async function validSamples(port: IdentityPort, oneIn: number): Promise<readonly Sample[]> {
  const sources = [...contents, ...encrypted, ...leniencies, ...signatures, ...xmlForms].filter(
    ({ connection, settings }) => connection === undefined && settings === undefined,
  );
  const samples: Sample[] = [];
  for (const [index, { request, solicited }] of sources.entries()) {
    if (index % oneIn !== 0) continue;
    const form = formOf(request(solicited === true ? { requestId: PENDING } : {}));
    const result = await verify(port, form);
    const field = form["SAMLResponse"];
    if (result.kind !== "verified" || typeof field !== "string") continue;
    samples.push({ xml: Buffer.from(field, "base64").toString(), said: statementOf(result) });
  }
  return samples;
}

function verify(port: IdentityPort, form: unknown): ReturnType<IdentityPort["verifyResponse"]> {
  return port.verifyResponse({ entityId: ENTITY_ID, acsUrl: ACS_URL }, idp.connection(), form, {
    pendingRequestIds: [PENDING],
    now: NOW,
  });
}

/** Everything that a signature must cover. */
function statementOf(verified: VerifiedAssertion): string {
  const { assertionId, issuer, claims, inResponseTo, sessionIndex, sessionNotOnOrAfter } = verified;
  return JSON.stringify([
    assertionId,
    issuer,
    claims,
    inResponseTo,
    sessionIndex,
    sessionNotOnOrAfter,
    verified.signedBy,
  ]);
}
