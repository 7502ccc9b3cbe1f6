/**
 * Starts the demo host; installs the dependencies first when they are missing or out of date.
 * Plain JavaScript on Node's own modules: it runs before anything is installed.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import process from "node:process";

const root = join(import.meta.dirname, "..");

if (!isInstalled()) {
  const code = await run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci"]);
  if (code !== 0) process.exit(code);
}
process.exit(
  await run(process.execPath, ["--import", "tsx", join("examples", "demo", "server.ts")]),
);

/** Whether what is installed is what the lock file says; times of files say nothing of that. */
function isInstalled() {
  const wanted = packagesOf("package-lock.json");
  const found = packagesOf(join("node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || optional === true || found[path]?.version === version,
  );
}

/**
 * @param {string} file
 * @returns {Readonly<Record<string, { readonly version?: string, readonly optional?: boolean }>>}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return {};
  }
}

/**
 * Runs a program with our terminal and passes signals on to it.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code; 128 and the signal's number when a signal ended it.
 */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: "inherit" });
    let asked = false;
    const passOn = (/** @type {NodeJS.Signals} */ signal) => {
      asked = true;
      child.kill(signal);
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, passOn);
    child.once("error", (error) => {
      console.error(`${program} cannot be run: ${error.message}`);
      resolve(1);
    });
    child.once("exit", (code, signal) => {
      for (const name of ["SIGINT", "SIGTERM"]) process.off(name, passOn);
      if (asked) process.exit(code ?? 0); // npm goes on to say that all is well
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
