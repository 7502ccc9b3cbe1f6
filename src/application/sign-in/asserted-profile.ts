import type { Profile, ProfileMapping } from "../../domain/assertion.ts";
import { defined } from "../../domain/defined.ts";
import type { Claims } from "../../domain/email-identity.ts";

const MAX_NAME_LENGTH = 200;

/** Well-known attribute names for names of users, most specific first. */
const NAMES_OF = {
  displayName: [
    "displayName",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "name",
    "cn",
    "urn:oid:2.5.4.3",
  ],
  firstName: [
    "givenName",
    "firstName",
    "FirstName",
    "first_name",
    "User.FirstName",
    "urn:oid:2.5.4.42",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
  ],
  lastName: [
    "sn",
    "surname",
    "lastName",
    "LastName",
    "last_name",
    "User.LastName",
    "urn:oid:2.5.4.4",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
  ],
} as const;

/**
 * The names of a new user, as far as the identity provider gave any. They identify nobody. An
 * attribute that the mapping names is the only one looked at.
 */
export function assertedProfile(claims: Claims, mapping: ProfileMapping): Profile {
  const displayName = firstText(claims, namesFor("displayName", mapping));
  const firstName = firstText(claims, namesFor("firstName", mapping));
  const lastName = firstText(claims, namesFor("lastName", mapping));
  return defined({ displayName, firstName, lastName });
}

function namesFor(member: keyof ProfileMapping, mapping: ProfileMapping): readonly string[] {
  const named = mapping[member];
  return named === undefined ? NAMES_OF[member] : [named];
}

function firstText({ attributes }: Claims, names: readonly string[]): string | undefined {
  for (const wanted of names) {
    const text = attributes
      .filter(({ name }) => name === wanted)
      .flatMap(({ values }) => values)
      .map((value) => value.trim())
      .find((value) => value !== "");
    // A character has at most two units; without the first slice, a huge text becomes a huge array.
    if (text) return [...text.slice(0, 2 * MAX_NAME_LENGTH)].slice(0, MAX_NAME_LENGTH).join("");
  }
  return undefined;
}
