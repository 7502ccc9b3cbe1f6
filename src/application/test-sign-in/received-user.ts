import { attributeLabel } from "../../domain/attribute-presets.ts";
import { defined } from "../../domain/defined.ts";
import type { AssertedAttribute, EmailIdentity, NameId } from "../../domain/email-identity.ts";
import type { Preview } from "../../domain/preview.ts";
import type { Connection } from "../../domain/settings.ts";
import { MAX_ATTRIBUTE_NAME_LENGTH } from "../../domain/settings-rules.ts";
import type { ReceivedAttribute, ReceivedUser } from "../../domain/test-sign-in.ts";
import type { VerifiedAssertion } from "../../ports/identity-port.ts";
import { excerpt, shorten } from "../audit/audit.ts";
import { assertedProfile } from "../sign-in/asserted-profile.ts";

const MOST_ATTRIBUTES = 50;
/** As many groups as Microsoft Entra ID sends: rules need any of them. */
const MOST_VALUES = 150;

/** The user data of an assertion, bounded, for the testing administrator. */
export function describeReceived(
  {
    claims,
    authnInstant,
    authnContextClassRef: classRef,
    sessionIndex,
    sessionNotOnOrAfter,
  }: VerifiedAssertion,
  {
    connection,
    email,
    decision,
  }: {
    readonly connection: Connection;
    readonly email: EmailIdentity;
    readonly decision: Preview;
  },
): ReceivedUser {
  const { count, first } = excerpt(claims.attributes, MOST_ATTRIBUTES);
  return {
    email,
    nameId: receivedNameId(claims.nameId),
    session: {
      authnInstant,
      ...(classRef === undefined ? {} : { authnContextClassRef: limitLength(classRef) }),
      ...(sessionIndex === undefined ? {} : { sessionIndex: limitLength(sessionIndex) }),
      ...defined({ sessionNotOnOrAfter }),
    },
    attributes: { count, first: first.map(receivedAttribute) },
    profile: assertedProfile(claims, connection.profile),
    decision,
  };
}

function limitLength(text: string): string {
  return shorten(text, MAX_ATTRIBUTE_NAME_LENGTH);
}

function receivedNameId({ value, format, nameQualifier, spNameQualifier }: NameId): NameId {
  return {
    value: limitLength(value),
    format: limitLength(format),
    ...(nameQualifier === undefined ? {} : { nameQualifier: limitLength(nameQualifier) }),
    ...(spNameQualifier === undefined ? {} : { spNameQualifier: limitLength(spNameQualifier) }),
  };
}

function receivedAttribute({ name, values }: AssertedAttribute): ReceivedAttribute {
  const friendlyName = attributeLabel(name);
  const { count, first } = excerpt(values, MOST_VALUES);
  return {
    name: limitLength(name),
    ...defined({ friendlyName }),
    values: { count, first: first.map(limitLength) },
  };
}
