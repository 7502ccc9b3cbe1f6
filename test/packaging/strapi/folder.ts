import { resolve } from "node:path";

/** Where Strapi is installed, by `install.ts`. */
export const STRAPI_FOLDER: string = resolve(".cache/strapi");
