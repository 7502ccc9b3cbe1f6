/** Where the demo keeps everything. */
export type DatabaseAddress =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres" | "mysql"; readonly url: string };

/** Parses a `DATABASE_URL`; `undefined` if it is invalid. */
export function parseDatabaseUrl(value: string): DatabaseAddress | undefined {
  const [, scheme, rest] = /^([a-z0-9]+):(.+)$/is.exec(value) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  switch (scheme.toLowerCase()) {
    case "sqlite":
    case "sqlite3":
      return { kind: "sqlite", path: rest.replace(/^\/\//, "") };
    case "postgres":
    case "postgresql":
      return URL.canParse(value) ? { kind: "postgres", url: value } : undefined;
    case "mysql":
    case "mariadb":
      return URL.canParse(value) ? { kind: "mysql", url: `mysql:${rest}` } : undefined;
    default:
      return undefined;
  }
}
