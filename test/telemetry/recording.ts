import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { openTelemetry } from "../../src/adapters/opentelemetry/open-telemetry.ts";
import type { Telemetry } from "../../src/ports/telemetry.ts";

/** Telemetry whose spans and metrics a test can look at. */
export interface Recording {
  readonly telemetry: Telemetry;
  /** Spans that have ended, the one that ended first before the others. */
  spans(): readonly ReadableSpan[];
  /** Names and outcomes of spans, each with its parts, in the order in which they began. */
  tree(): readonly SpanTree[];
  /** What the instrument `name` has, by its labels. */
  metric(name: string): Promise<ReadonlyMap<string, unknown>>;
  stop(): Promise<void>;
}

/** A span: what it is of, how it ended, and its parts. */
export type SpanTree = readonly [text: string, ...parts: SpanTree[]];

/** A recording by the SDK, as a host sets it up. */
export function startRecording(): Recording {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 3_600_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

  const treeOf = (span: ReadableSpan): SpanTree => {
    const { "saml.outcome": outcome, "saml.code": code } = span.attributes;
    const text = [span.name, outcome, code].filter((part) => part !== undefined).join(" ");
    return [text, ...below(span.spanContext().spanId)];
  };
  const below = (parent: string | undefined): readonly SpanTree[] =>
    exporter
      .getFinishedSpans()
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1])
      .map(treeOf);

  return {
    telemetry: openTelemetry({
      tracer: provider.getTracer("test"),
      meter: meters.getMeter("test"),
    }),
    spans: () => exporter.getFinishedSpans(),
    tree: () => below(undefined),
    async metric(name) {
      await reader.forceFlush();
      const values = new Map<string, unknown>();
      for (const { metrics } of metricExporter.getMetrics().at(-1)?.scopeMetrics ?? []) {
        for (const { descriptor, dataPoints } of metrics) {
          if (descriptor.name !== name) continue;
          for (const { attributes, value } of dataPoints) {
            values.set(Object.values(attributes).join(" "), value);
          }
        }
      }
      return values;
    },
    async stop() {
      context.disable();
      await provider.shutdown();
      await meters.shutdown();
    },
  };
}
