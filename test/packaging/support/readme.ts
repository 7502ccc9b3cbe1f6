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

/** The commands that lead from the running host to the first user: the identity provider's, then the others. */
export const FIRST_SIGN_IN: readonly string[] =
  /\n\n((?: {4}(?:npx koa-saml-jit dev-idp|curl ).*\n)+)/
    .exec(README)?.[1]
    ?.trimEnd()
    .split("\n")
    .map((line) => line.trim()) ?? [];

/** The first of them on Deno. */
export const FIRST_SIGN_IN_ON_DENO: string =
  /`(deno run -A npm:koa-saml-jit dev-idp)`/.exec(README)?.[1] ?? "";
