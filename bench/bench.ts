/**
 * Every benchmark, one after the other, into `bench/REPORT.md`: some fifteen minutes on an idle
 * machine of two cores. Each part also runs on its own.
 *
 *     npm run bench [-- --only post,start]
 */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { PARTS, type Part } from "./parts.ts";
import { installOthers } from "./post/install-others.ts";
import { versions } from "./support/versions.ts";

const { values } = parseArgs({ options: { only: { type: "string" } } });
const chosen = PARTS.filter(
  ({ script }) => values.only === undefined || values.only.split(",").includes(script),
);
const target = new URL("REPORT.md", import.meta.url);

await installOthers();
const [processor] = cpus();
const sections = [
  `# Benchmarks

Written by \`npm run bench\`; what it means stands in [docs/PERFORMANCE.md](../docs/PERFORMANCE.md).

| | |
| --- | --- |
| begun | ${new Date().toISOString()} |
| machine | ${cpus().length} × ${processor?.model ?? "?"}, ${(totalmem() / 2 ** 30).toFixed(0)} GB, Linux ${release()} |
| load before | ${loadavg()
    .map((load) => load.toFixed(1))
    .join(", ")} |
${(await versions()).map(([name, version]) => `| ${name} | ${version} |`).join("\n")}
`,
];
const started = performance.now();
for (const part of chosen) {
  process.stderr.write(`${part.title} …\n`);
  const begun = performance.now();
  const texts: string[] = [];
  for (const args of part.runs) {
    const command = [
      "npm run",
      `bench:${part.script}`,
      ...(args.length > 0 ? ["--"] : []),
      ...args,
    ];
    texts.push(`    ${command.map(quoted).join(" ")}\n\n${(await run(part, args)).trim()}\n`);
  }
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  sections.push(
    `\n## ${part.title}\n\n${part.about}\n\n${texts.join("\n")}\n`,
    `${minutes} minutes; load ${loadavg()[0]?.toFixed(1)} at the end.\n`,
  );
  // After each part: a later one that fails takes nothing of what is there.
  await writeFile(target, sections.join(""));
}
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
process.stderr.write(`${minutes} minutes; written to ${fileURLToPath(target)}\n`);

async function run({ script }: Part, args: readonly string[]): Promise<string> {
  const child = spawn("npm", ["run", "--silent", `bench:${script}`, "--", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    process.stdout.write(chunk);
    text += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`bench:${script} ended with ${code}`);
  return text;
}

/** For a shell. */
function quoted(word: string): string {
  return /[^\w\s:,.-]/.test(word) ? `'${word}'` : word;
}
