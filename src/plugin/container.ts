import { asFunction as awilixFunction, asValue as awilixValue } from "awilix/browser";
import type { Cradle } from "./cradle.ts";

/** A registration, as created by {@link asValue}, {@link asFunction} or awilix. */
export interface Part<T> {
  /** Called by the container only. */
  resolve(container: never): T;
}

/** The part of the awilix container that `override` uses: known names, matching types. */
export interface Overrides {
  /** Replaces the registration `name`. */
  register<Name extends keyof Cradle>(name: Name, part: Part<Cradle[Name]>): unknown;
}

/** Registers a value. */
export function asValue<T>(value: T): Part<T> {
  return awilixValue(value);
}

/** Registers a factory, called once per plugin instance when first needed. */
export function asFunction<T>(make: (parts: Cradle) => T): Part<T> {
  return awilixFunction(make).singleton();
}
