/** Measures one hostile shape against one contestant; run by hostile.ts in a process of its own. */
import { performance } from "node:perf_hooks";
import process from "node:process";
import { makeTestKey } from "../src/testing/signing-idp/certificate.ts";
import { CONTESTANTS } from "./support/contestants.ts";
import { HOSTILE_SHAPES } from "./support/hostile-shapes.ts";
import { idp, usual } from "./support/parties.ts";

const [contestantName = "", shapeName = ""] = process.argv.slice(2);
const shape = HOSTILE_SHAPES.find(({ name }) => name === shapeName);
const factory = CONTESTANTS[contestantName];
if (shape === undefined || factory === undefined) throw new Error("no such shape or contestant");

const wrong = Array.from(
  { length: (shape.certificates ?? 1) - 1 },
  () => makeTestKey().certificate,
);
const validate = factory([...wrong, idp.certificate]);

/**
 * The longest time in milliseconds for which nothing else could run. Of clock and processor time
 * the lesser: the one counts other processes of a busy machine, the other helper threads.
 */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let lastUsage = process.cpuUsage();
  let running = true;
  const tick = (): void => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(lastUsage);
    longest = Math.max(longest, Math.min(now - last, (user + system) / 1000));
    last = now;
    lastUsage = process.cpuUsage();
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  await new Promise((resolve) => setImmediate(resolve));
  longest = 0;
  await work();
  running = false;
  tick();
  return longest;
}

// A running server has seen responses before.
for (let index = 0; index < 10; index += 1) await validate({ ...idp.form(usual) });
const blocks: number[] = [];
let accepted = false;
// Every message is a fresh one: what was seen before may cost less.
while (blocks.length < 7 && blocks.reduce((sum, block) => sum + block, 0) < 5000) {
  const form = shape.form();
  blocks.push(
    await longestBlock(async () => {
      accepted = await validate(form);
    }),
  );
}
blocks.sort((a, b) => a - b);
const median = blocks[Math.floor(blocks.length / 2)] ?? Number.NaN;
process.stdout.write(
  `${JSON.stringify({ best: blocks[0], median, worst: blocks.at(-1), accepted })}\n`,
);
process.exit(0);
