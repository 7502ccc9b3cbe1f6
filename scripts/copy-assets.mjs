/** Puts the files that pages are served with beside the compiled code that reads them. */
import { cpSync } from "node:fs";

for (const name of ["page.css", "page.js"]) {
  cpSync(`src/adapters/koa/page/${name}`, `dist/adapters/koa/page/${name}`);
}
