import {
  type AwilixContainer,
  asFunction as awilixFunction,
  asValue as awilixValue,
  createContainer,
} from "awilix/browser";
import type { Cradle, Overrides, Part } from "./options.ts";
import type { Decorate, Observed } from "./telemetry.ts";

/** Registers a value. */
export function asValue<T>(value: T): Part<T> {
  return awilixValue(value);
}

/** Registers a factory, called once per plugin instance when first needed. */
export function asFunction<T>(make: (parts: Cradle) => T): Part<T> {
  return awilixFunction(make).singleton();
}

/** A container of parts by name, some of which are there already. */
export function makeRegistry<Parts extends object>(values: Partial<Parts>): AwilixContainer<Parts> {
  const container = createContainer<Parts>({ injectionMode: "PROXY", strict: true });
  for (const [name, value] of Object.entries(values)) {
    container.register(name, awilixValue(value));
  }
  return container;
}

/** Registers parts by their factories: one that asks for what is not registered does not compile. */
export function registerAll<All extends object, Parts>(
  container: AwilixContainer<All>,
  factories: { readonly [Name in keyof Parts]: (parts: All) => Parts[Name] },
): void {
  for (const [name, make] of Object.entries<(parts: All) => unknown>(factories)) {
    container.register({ [name]: awilixFunction(make).singleton() });
  }
}

/** Wraps registered parts. */
export function decorateIn<All extends Observed>(container: AwilixContainer<All>): Decorate {
  return (name, wrap) => {
    const inner = container.getRegistration(name);
    if (inner === null) throw new TypeError(`createSamlJit: ${name} is not registered`);
    container.register(name, awilixFunction(() => wrap(inner.resolve(container))).singleton());
  };
}

/**
 * Lets the host replace registered parts.
 *
 * @param stores names that are no registrations yet: transactions would use the original.
 * @throws TypeError for an unknown registration, and for a store that is replaced alone.
 */
export function replaceParts<All extends object>(
  container: AwilixContainer<All>,
  replace: (container: Overrides) => void,
  stores: readonly string[],
): void {
  const known = new Set(Object.keys(container.registrations));
  replace(container);
  const unknown = Object.keys(container.registrations).filter((name) => !known.has(name));
  const alone = unknown.filter((name) => stores.includes(name));
  if (alone.length > 0) {
    throw new TypeError(
      `createSamlJit: override can only replace storage, not ${alone.join(", ")}`,
    );
  }
  if (unknown.length > 0) {
    throw new TypeError(
      `createSamlJit: override: unknown container registration ${unknown.join(", ")}`,
    );
  }
}
