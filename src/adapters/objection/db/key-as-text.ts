import type { KeyColumn } from "../users/host-users.ts";
import type { Dialect } from "./dialect.ts";

/** SQL for one key of the host, `??`, as the text that the plugin's own tables hold. */
export function asText(dialect: Dialect, { type }: KeyColumn): string {
  if (type === "text" && dialect !== "mysql") return "??";
  switch (dialect) {
    case "sqlite":
      return "CAST(?? AS TEXT)";
    case "postgres":
      return "CAST(?? AS text)";
    case "mysql":
      return "CAST(?? AS CHAR(255) CHARACTER SET utf8mb4) COLLATE utf8mb4_bin";
  }
}
