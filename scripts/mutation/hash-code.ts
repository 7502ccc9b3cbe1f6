import { createHash } from "node:crypto";
import { transformSync } from "esbuild";

/**
 * A digest of what runs in a TypeScript module: comments, white space, types and the folders of
 * what it imports do not change it.
 */
export function hashCode(source: string): string {
  const { code } = transformSync(source, {
    loader: "ts",
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
  });
  const placeless = code.replace(/(from|import)"\.[^"]*\/([^"/]+)"/g, '$1"$2"');
  return createHash("sha256").update(placeless).digest("hex").slice(0, 12);
}
