import { asFunction as awilixFunction, asValue as awilixValue } from "awilix/browser";
import type { Cradle } from "./plugin-cradle.ts";

/** How the container comes by a part: what {@link asValue}, {@link asFunction} and awilix make. */
export interface Part<T> {
  /** For the container alone. */
  resolve(container: never): T;
}

/** As much of the awilix container as replacing parts needs: known names, fitting types. */
export interface Overrides {
  /** Replaces the part `name`. */
  register<Name extends keyof Cradle>(name: Name, part: Part<Cradle[Name]>): unknown;
}

/** A part that exists already. */
export function asValue<T>(value: T): Part<T> {
  return awilixValue(value);
}

/** A part that `make` makes from others, when it is first needed, once for each plugin. */
export function asFunction<T>(make: (parts: Cradle) => T): Part<T> {
  return awilixFunction(make).singleton();
}
