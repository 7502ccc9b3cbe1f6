import { readFileSync } from "node:fs";

const README = readFileSync("README.md", "utf8");

/** The README's smallest host, as it is printed. */
export const README_HOST: string =
  /<!-- file: examples\/minimal-host\.ts -->\n```ts\n([\s\S]*?)```/.exec(README)?.[1] ?? "";

/** What the README says to install, our own package left out. */
export const README_PACKAGES: readonly string[] = [
  ...README.matchAll(/^ {4}npm install (?:--save-dev )?(.+)$/gm),
]
  .flatMap(([, names = ""]) => names.split(" "))
  .filter((name) => name !== "koa-saml-jit");
