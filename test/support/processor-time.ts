import process from "node:process";

/**
 * Begins to measure the processor time of this process, in milliseconds: unlike the clock, it does
 * not count what a busy machine does meanwhile.
 */
export function startProcessorTime(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
