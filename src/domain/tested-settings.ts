import { type Connection, connectionById, type Settings } from "./settings.ts";

/**
 * Canonical JSON, for a digest, of what a test sign-in through a connection tests: the connection,
 * and the defaults for new users. A test is valid for all settings with the same digest.
 */
export function testedText({ autoProvisioning }: Settings, connection: Connection): string {
  const { name: _, enabled: __, ...tested } = connection;
  return canonicalJson({ autoProvisioning, connection: tested });
}

/**
 * The connections that must be tested before `next` is saved over `stored`: those that are turned
 * on, or whose identity provider or email source is not the one in use. Allowed domains need no
 * test: they refuse, or accept, what a test has already shown.
 */
export function connectionsToTest(stored: Settings, next: Settings): readonly Connection[] {
  if (!next.enabled) return [];
  return next.connections.filter((connection) => {
    if (!connection.enabled) return false;
    const before = connectionById(stored, connection.id);
    const inUse = stored.enabled && before?.enabled === true;
    return !inUse || identifying(before) !== identifying(connection);
  });
}

/** What decides who somebody is. */
function identifying({ idp, email }: Connection): string {
  return canonicalJson({ idp, email });
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => inOrder(member));
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
