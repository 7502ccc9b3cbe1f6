import type { Logger } from "../../ports/environment.ts";
import type { LogEvent } from "../../ports/log-event.ts";

/**
 * Writes warnings and errors to the console, one JSON object a line; what is merely informative is
 * left to hosts that bring a logger of their own.
 */
export function makeConsoleLogger(): Logger {
  const line = (level: string, event: LogEvent) => JSON.stringify({ level, ...event });
  return {
    info: () => undefined,
    warn: (event) => console.warn(line("warn", event)),
    error: (event) => console.error(line("error", event)),
  };
}
