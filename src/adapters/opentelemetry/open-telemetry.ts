/**
 * Traces and metrics with OpenTelemetry: `telemetry: openTelemetry()`.
 *
 * @module
 */
import {
  type Attributes,
  type Meter,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Observation, Telemetry } from "../../ports/telemetry.ts";

/** A tracer of OpenTelemetry's API. */
export type OpenTelemetryTracer = Tracer;

/** A meter of OpenTelemetry's API. */
export type OpenTelemetryMeter = Meter;

/** Options of {@link openTelemetry}. */
export interface OpenTelemetryOptions {
  /** Default: the global provider's tracer `koa-saml-jit`. */
  readonly tracer?: OpenTelemetryTracer;
  /** Default: the global provider's meter `koa-saml-jit`. */
  readonly meter?: OpenTelemetryMeter;
}

const NAME = "koa-saml-jit";

/** Seconds: from a verification without a second reading to a database that is waited for. */
const BOUNDARIES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The API only: without an SDK in the process nothing is kept and nothing is sent. */
export function openTelemetry({
  tracer = trace.getTracer(NAME),
  meter = metrics.getMeter(NAME),
}: OpenTelemetryOptions = {}): Telemetry {
  const operations = meter.createCounter("saml.operations", {
    description: "Operations that have ended, by outcome and code",
    unit: "{operation}",
  });
  const duration = meter.createHistogram("saml.operation.duration", {
    description: "How long operations took, by outcome",
    unit: "s",
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });
  const purged = meter.createCounter("saml.purged", {
    description: "Entries that were forgotten, by kind",
    unit: "{entry}",
  });
  const notices = meter.createCounter("saml.certificate.notices", {
    description: "Notices of certificates that expire",
    unit: "{notice}",
  });

  return {
    observe: ({ name, tenant }, work, tell) => {
      const startedAt = performance.now();
      const ended = (span: Span, outcome: string, code: string | undefined): void => {
        const labels = { "saml.operation": name, "saml.outcome": outcome };
        const detailed = code === undefined ? labels : { ...labels, "saml.code": code };
        operations.add(1, detailed);
        duration.record((performance.now() - startedAt) / 1000, labels);
        span.setAttributes(detailed);
        span.end();
      };
      const attributes: Attributes = tenant === undefined ? {} : { "saml.tenant": tenant };
      const options = { kind: SpanKind.INTERNAL, attributes };
      return tracer.startActiveSpan(`saml.${name}`, options, async (span) => {
        try {
          const result = await work();
          const { outcome, code, reference, connection, forgotten, announced }: Observation =
            tell(result);
          if (reference !== undefined) span.setAttribute("saml.reference", reference);
          if (connection !== undefined) span.setAttribute("saml.connection", connection);
          if (announced !== undefined) notices.add(announced);
          for (const [kind, amount] of Object.entries(forgotten ?? {})) {
            purged.add(amount, { "saml.kind": kind });
          }
          ended(span, outcome, code);
          return result;
        } catch (error) {
          // Not the message: those of databases hold the values of the statement.
          span.setAttribute("error.type", error instanceof Error ? error.name : typeof error);
          span.setStatus({ code: SpanStatusCode.ERROR });
          ended(span, "failed", undefined);
          throw error;
        }
      });
    },
  };
}
