import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { after, before, describe, it } from "mocha";
import { type DemoProcess, makeFolder, startDemo } from "../examples/support/demo-process.ts";
import { checkedScripts, commandsOf, guides, missingIn, treatmentOf } from "./commands.ts";
import { runLine, shapeFaults } from "./shell.ts";

const DEMO = "http://localhost:3000";
const everything = guides().flatMap(commandsOf);

describe("the commands in the guides", () => {
  it("are found", () => {
    const found = new Set(everything.map(({ guide }) => guide));
    expect(found).to.include.keys("README.md", "CONTRIBUTING.md", "docs/SETTINGS-API.md");
    expect(everything.length).to.be.above(30);
  });

  it("are each run here, covered by another check, or left out for a reason", () => {
    const unsaid = everything.filter(({ line }) => treatmentOf(line) === undefined);
    expect(unsaid, "say in commands.ts what becomes of them").to.deep.equal([]);
  });

  it("name files, scripts and checks that are there", () => {
    for (const { guide, line } of everything) {
      expect(missingIn(line), `${guide}: ${line}`).to.deep.equal([]);
      const treatment = treatmentOf(line);
      if (treatment?.kind !== "covered") continue;
      const { by } = treatment;
      expect(existsSync(by) || checkedScripts().includes(by), `${line}: ${by}`).to.equal(true);
    }
  });

  it("are reported when commands.ts has no rule for them", () => {
    expect(treatmentOf("npm run surprise")).to.equal(undefined);
    expect(treatmentOf("npx left-pad")).to.equal(undefined);
    expect(missingIn("npm run surprise && node test/nothing.ts")).to.have.length(2);
  });
});

for (const guide of guides()) {
  const commands = commandsOf(guide).filter(({ line }) => treatmentOf(line)?.kind === "run");
  if (commands.length === 0) continue;
  describe(`what ${guide} says to run, in order`, () => {
    const folder = makeFolder();
    const needsDemo = commands.some(({ line }) => line.includes(DEMO));
    let demo: DemoProcess | undefined;
    before(async () => {
      if (needsDemo) demo = await startDemo({ DATABASE_URL: `sqlite:${folder.path}/demo.sqlite` });
    });
    after(async () => {
      await demo?.stop();
      folder.remove();
    });

    for (const { line, answer } of commands) {
      it(line, async () => {
        const treatment = treatmentOf(line);
        if (treatment?.kind !== "run") throw new Error("not to be run");
        const inProject = !line.startsWith("curl") && !line.startsWith("sed");
        const at = inProject ? resolve(".") : folder.path;
        const ran = await runLine(line.replaceAll(DEMO, demo?.baseUrl ?? DEMO), at, folder.path);
        expect(ran.code, ran.complaints).to.equal(0);
        expect(ran.statuses).to.have.length(line.startsWith("curl") ? 1 : 0);
        for (const status of ran.statuses) {
          if (treatment.status === undefined) expect(status, ran.output).to.be.within(200, 399);
          else expect(status, ran.output).to.equal(treatment.status);
        }
        if (answer !== undefined && treatment.answerDiffers === undefined) {
          const actual: unknown = JSON.parse(ran.output.slice(ran.output.indexOf("{")));
          expect(shapeFaults(answer, actual)).to.deep.equal([]);
        }
      });
    }
  });
}
