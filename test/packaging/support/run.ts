import { spawn } from "node:child_process";

/** Runs a program to its end; what it wrote, or an exception with what it complained of. */
export function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let [out, err] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.once("error", failed);
    child.once("close", (code) => {
      if (code === 0) done(out);
      else failed(new Error(`${command} ${args.join(" ")} ended with ${code}\n${out}\n${err}`));
    });
  });
}
