import { algorithms } from "./classes/algorithms.ts";
import { audience } from "./classes/audience.ts";
import { authentication } from "./classes/authentication.ts";
import { canonicalization } from "./classes/canonicalization.ts";
import { conditions } from "./classes/conditions.ts";
import { denialOfService } from "./classes/denial-of-service.ts";
import { destination } from "./classes/destination.ts";
import { encodings } from "./classes/encodings.ts";
import { encryption } from "./classes/encryption.ts";
import { encryptionPlaintext } from "./classes/encryption-plaintext.ts";
import { identity } from "./classes/identity.ts";
import { ids } from "./classes/ids.ts";
import { inResponseTo } from "./classes/in-response-to.ts";
import { issuer } from "./classes/issuer.ts";
import { keys } from "./classes/keys.ts";
import { oracle } from "./classes/oracle.ts";
import { references } from "./classes/references.ts";
import { rulesForNewUsers } from "./classes/rules.ts";
import { secondReading } from "./classes/second-reading.ts";
import { severalAssertions } from "./classes/several-assertions.ts";
import { signedInfo } from "./classes/signed-info.ts";
import { statements } from "./classes/statements.ts";
import { statuses } from "./classes/status.ts";
import { subjectConfirmation } from "./classes/subject-confirmation.ts";
import { textSplitting } from "./classes/text-splitting.ts";
import { time } from "./classes/time.ts";
import { transforms } from "./classes/transforms.ts";
import { transport } from "./classes/transport.ts";
import { unsigned } from "./classes/unsigned.ts";
import { versions } from "./classes/version.ts";
import { wrapping } from "./classes/wrapping.ts";
import { xmlSubset } from "./classes/xml-subset.ts";
import type { Attack } from "./support/attack.ts";

/** The suite, by class. */
export const ATTACK_CLASSES: Readonly<Record<string, readonly Attack[]>> = {
  unsigned,
  wrapping,
  "several assertions": severalAssertions,
  "text splitting": textSplitting,
  SignedInfo: signedInfo,
  references,
  transforms,
  algorithms,
  keys,
  canonicalization,
  IDs: ids,
  encryption,
  "encrypted plaintext": encryptionPlaintext,
  "decryption oracle": oracle,
  "XML subset": xmlSubset,
  encodings,
  transport,
  "denial of service": denialOfService,
  audience,
  conditions,
  issuer,
  destination,
  "subject confirmation": subjectConfirmation,
  InResponseTo: inResponseTo,
  time,
  status: statuses,
  version: versions,
  statements,
  authentication,
  "second reading": secondReading,
  identity,
  "rules for new users": rulesForNewUsers,
};

/** Every attack. */
export const ATTACKS: readonly Attack[] = Object.values(ATTACK_CLASSES).flat();
