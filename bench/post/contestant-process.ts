import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import type { Given } from "./contestant.ts";
import type { Entry } from "./contestants.ts";

/** Where a contestant takes posts, as itself says. */
export interface Addresses {
  readonly acsUrl: string;
  readonly audience: string;
  /** How the Location of an answer begins when somebody got in. */
  readonly landing: string;
}

/** What a contestant's process used from one moment to another. */
export interface Usage {
  readonly cpuMs: number;
  /** Of the event loop, beyond the millisecond in which it is looked at. */
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly rssMb: number;
  /** People stored by now; null when it stores none. */
  readonly people: number | null;
}

const AddressesMessage: z.ZodType<Addresses> = z.object({
  acsUrl: z.url(),
  audience: z.string(),
  landing: z.string(),
});

const UsageMessage: z.ZodType<Usage> = z.object({
  cpuMs: z.number(),
  loopP99Ms: z.number(),
  loopMaxMs: z.number(),
  rssMb: z.number(),
  people: z.number().nullable(),
});

/** A contestant in a process of its own. */
export interface ContestantProcess extends Addresses {
  readonly name: string;
  /** Begins to count. */
  begin(): Promise<void>;
  /** What was used since. */
  end(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Starts a contestant; it answers requests when this resolves. `nodeOptions` are Node's. */
export async function startContestant(
  { name, module, secondReading }: Entry,
  given: Pick<Given, "idp" | "database">,
  nodeOptions: readonly string[] = [],
): Promise<ContestantProcess> {
  const argument = JSON.stringify({ ...given, secondReading, module: module.href });
  const child = fork(new URL("serve.ts", import.meta.url), [argument], {
    execArgv: ["--import", "tsx", ...nodeOptions],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const ready = AddressesMessage.parse(await answer(child, name));
  const ask = (message: "begin" | "end") => {
    child.send(message);
    return answer(child, name);
  };
  return {
    name,
    ...ready,
    begin: async () => void (await ask("begin")),
    end: async () => UsageMessage.parse(await ask("end")),
    stop: async () => {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function answer(child: ChildProcess, name: string): Promise<unknown> {
  const ended = new AbortController();
  try {
    const [message] = await Promise.race([
      once(child, "message", { signal: ended.signal }),
      once(child, "exit", { signal: ended.signal }).then(([code]) => {
        throw new Error(`${name} ended with ${code}`);
      }),
    ]);
    return message;
  } finally {
    ended.abort();
  }
}
