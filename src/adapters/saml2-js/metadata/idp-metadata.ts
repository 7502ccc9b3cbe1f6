import { separateCertificates } from "../../../domain/certificate-rules.ts";
import { worded } from "../../../domain/texts/faults.ts";
import type {
  IdpMetadata,
  LeftOutOfMetadata,
  ParsedIdpMetadata,
} from "../../../ports/identity-port.ts";
import { certificateOfKey } from "../crypto/certificates.ts";
import { quote, RejectionError, refuse } from "../rejection-error.ts";
import { instant } from "../wire/lexical-forms.ts";
import type { XmlLimits } from "../xml/limits.ts";
import { HTTP_POST, HTTP_REDIRECT, NS } from "../xml/names.ts";
import { readMetadataXml } from "../xml/read-metadata-xml.ts";
import {
  attributeOf,
  childrenNamed,
  descendants,
  elementsOf,
  isNamed,
  textOf,
  trimmedAttributeOf,
  trimXmlSpace,
  type XmlElement,
} from "../xml/tree.ts";
import { otherDocument, otherThing, withoutIdentityProvider } from "./not-metadata.ts";

/** Room for the metadata of a federation, not for an attack. */
const METADATA_LIMITS: XmlLimits = {
  depth: 32,
  elements: 100_000,
  attributesPerElement: 64,
  attributes: 200_000,
  references: 200_000,
};
const MAX_CHARACTERS = 2 * 1024 * 1024;

/**
 * Reads IdP metadata (SAML metadata section 2.4.3): one entity or a document of many, of which
 * those that can be used are given. Nothing is fetched, and nothing is believed but what an
 * administrator is then shown.
 */
export function parseIdpMetadata(xml: string, now: number): ParsedIdpMetadata {
  try {
    if (xml.length > MAX_CHARACTERS)
      refuse(
        "message-too-large",
        "the metadata is too large: for federation metadata, paste only the EntityDescriptor of your identity provider",
      );
    const text = trimXmlSpace(xml.replace(/^\uFEFF/, ""));
    const other = otherThing(text);
    if (other !== undefined) refuse("structure-invalid", other, "other-message");
    const root = readMetadataXml(text, METADATA_LIMITS);
    const { identityProviders, leftOut } = identityProvidersIn(root, now);
    return identityProviders.length > 0
      ? { kind: "metadata", identityProviders, leftOut }
      : { kind: "invalid", detail: withoutIdentityProvider(root) };
  } catch (error) {
    if (error instanceof RejectionError) return { kind: "invalid", detail: error.message };
    throw error;
  }
}

type Found = Pick<
  Extract<ParsedIdpMetadata, { readonly kind: "metadata" }>,
  "identityProviders" | "leftOut"
>;

/** Skips unusable entities, and says why; throws the reason if none remains. */
function identityProvidersIn(root: XmlElement, now: number): Found {
  const identityProviders: IdpMetadata[] = [];
  const leftOut: LeftOutOfMetadata[] = [];
  let unusable: RejectionError | undefined;
  for (const entity of entitiesIn(root, now)) {
    const entityId = addressIn(entity, "entityID") ?? "";
    try {
      const found = identityProvider(entity, entityId, now);
      if (found === undefined) continue;
      identityProviders.push(found.metadata);
      leftOut.push(...found.leftOut.map((one) => ({ entityId, ...one })));
    } catch (error) {
      if (!(error instanceof RejectionError)) throw error;
      unusable ??= error;
      leftOut.push({ entityId, code: error.code, message: error.message });
    }
  }
  if (identityProviders.length === 0 && unusable !== undefined) throw unusable;
  return { identityProviders, leftOut };
}

/** The entities of a document; an expired group expires with its content. */
function entitiesIn(element: XmlElement, now: number): readonly XmlElement[] {
  if (isNamed(element, NS.md, "EntityDescriptor")) return [element];
  if (!isNamed(element, NS.md, "EntitiesDescriptor")) {
    return refuse("structure-invalid", otherDocument(element), "other-message");
  }
  requireUnexpired([element], now);
  return elementsOf(element)
    .filter(({ namespace, local }) => namespace === NS.md && local.startsWith("Entit"))
    .flatMap((child) => entitiesIn(child, now));
}

interface FoundOne extends Pick<SigningCertificates, "leftOut"> {
  readonly metadata: IdpMetadata;
}

/** `undefined` for another kind of entity. */
function identityProvider(entity: XmlElement, entityId: string, now: number): FoundOne | undefined {
  const descriptor = childrenNamed(entity, NS.md, "IDPSSODescriptor").find((element) =>
    attributeOf(element, "protocolSupportEnumeration")?.split(/\s+/).includes(NS.samlp),
  );
  if (descriptor === undefined) return undefined;
  requireUnexpired([entity, descriptor], now);
  const { certificates, leftOut } = signingCertificates(descriptor);
  return {
    leftOut,
    metadata: {
      entityId:
        entityId || refuse("structure-invalid", "an EntityDescriptor has no entityID", "malformed"),
      ...signOnService(descriptor),
      ...logoutService(descriptor),
      certificates,
      wantsSignedRequests: ["true", "1"].includes(
        trimmedAttributeOf(descriptor, "WantAuthnRequestsSigned") ?? "",
      ),
    },
  };
}

function requireUnexpired(elements: readonly XmlElement[], now: number): void {
  for (const element of elements) {
    const validUntil = trimmedAttributeOf(element, "validUntil");
    if (validUntil !== undefined && moment(validUntil) < now) {
      refuse("expired", `the metadata was valid until ${quote(validUntil)}: download it again`);
    }
  }
}

/**
 * In metadata some products write times in other zones than UTC; it only matters when they are
 * over.
 */
const ZONE = /[+-]\d{2}:\d{2}$/;

function moment(validUntil: string): number {
  const text = trimXmlSpace(validUntil);
  const [zone] = ZONE.exec(text) ?? [];
  const utc = instant(zone === undefined ? text : text.replace(ZONE, "Z"), "validUntil");
  if (zone === undefined) return utc;
  const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
  return utc - (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** The schema's xs:anyURI collapses white space. */
function addressIn(element: XmlElement, attribute: string): string | undefined {
  const address = attributeOf(element, attribute);
  return address === undefined ? undefined : trimXmlSpace(address);
}

/**
 * Where logout messages go. HTTP-POST is used only where there is no HTTP-Redirect: a form is an
 * extra page, and needs a script or a click.
 */
function logoutService(
  descriptor: XmlElement,
): Pick<IdpMetadata, "sloUrl" | "sloResponseUrl" | "sloBinding" | "notes"> {
  const endpoints = childrenNamed(descriptor, NS.md, "SingleLogoutService").filter(
    (element) => trimmedAttributeOf(element, "Location") !== undefined,
  );
  const redirect = endpointWith(endpoints, HTTP_REDIRECT);
  const endpoint = redirect ?? endpointWith(endpoints, HTTP_POST);
  const sloUrl = endpoint === undefined ? undefined : webUrlIn(endpoint, "Location");
  if (endpoint === undefined || sloUrl === undefined) {
    return endpoints.length === 0 ? {} : { notes: [worded("logout-not-usable")] };
  }
  const sloResponseUrl = webUrlIn(endpoint, "ResponseLocation");
  return {
    sloUrl,
    ...(sloResponseUrl === undefined || sloResponseUrl === sloUrl ? {} : { sloResponseUrl }),
    ...(redirect === undefined ? { sloBinding: "post" } : {}),
  };
}

/** Where login requests go: by HTTP-POST only where there is no HTTP-Redirect, as above. */
function signOnService(descriptor: XmlElement): Pick<IdpMetadata, "ssoUrl" | "ssoBinding"> {
  const endpoints = childrenNamed(descriptor, NS.md, "SingleSignOnService");
  const redirect = endpointWith(endpoints, HTTP_REDIRECT);
  const ssoUrl = redirect && webUrlIn(redirect, "Location");
  if (ssoUrl !== undefined) return { ssoUrl };
  const post = endpointWith(endpoints, HTTP_POST);
  const postUrl = post && webUrlIn(post, "Location");
  if (postUrl !== undefined) return { ssoUrl: postUrl, ssoBinding: "post" };
  return refuse(
    "structure-invalid",
    "the identity provider has no single sign-on endpoint for the HTTP-Redirect or HTTP-POST binding",
    "malformed",
  );
}

function endpointWith(endpoints: readonly XmlElement[], binding: string): XmlElement | undefined {
  return endpoints.find((element) => trimmedAttributeOf(element, "Binding") === binding);
}

function webUrlIn(endpoint: XmlElement, attribute: string): string | undefined {
  const location = trimmedAttributeOf(endpoint, attribute);
  if (location === undefined) return undefined;
  return /^https?:\/\//i.test(location) && URL.canParse(location)
    ? location
    : refuse(
        "structure-invalid",
        `the location of the ${endpoint.local} is not a web URL: ${quote(location)}`,
        "malformed",
      );
}

/** Pasted files may contain lines of PEM. */
const PEM_LINE = /-----(?:BEGIN|END) CERTIFICATE-----/g;

interface SigningCertificates {
  readonly certificates: readonly string[];
  readonly leftOut: readonly Omit<LeftOutOfMetadata, "entityId">[];
}

function signingCertificates(descriptor: XmlElement): SigningCertificates {
  const groups = childrenNamed(descriptor, NS.md, "KeyDescriptor")
    .filter((key) => (trimmedAttributeOf(key, "use") ?? "signing") === "signing")
    .flatMap((key) => descendants(key))
    .filter((element) => isNamed(element, NS.ds, "X509Data"))
    .map((data) => childrenNamed(data, NS.ds, "X509Certificate").flatMap(base64In));
  const certificates = new Set<string>();
  const leftOut: Omit<LeftOutOfMetadata, "entityId">[] = [];
  let before = 0;
  for (const texts of groups) {
    const found = certificateOfKey(texts);
    if (found.own !== undefined) certificates.add(found.own);
    for (const { index, ...finding } of found.leftOut) {
      leftOut.push({ certificate: before + index + 1, ...finding });
    }
    before += texts.length;
  }
  if (certificates.size > 0) return { certificates: [...certificates], leftOut };
  const reasons = leftOut.map(
    ({ certificate, message }) => `; certificate ${certificate}: ${message}`,
  );
  return refuse(
    "no-usable-certificate",
    `the metadata contains no usable signing certificate${reasons.join("")}`,
  );
}

function base64In(element: XmlElement): readonly string[] {
  return separateCertificates(textOf(element) ?? "").map((text) =>
    text.replace(PEM_LINE, "").replace(/\s+/g, ""),
  );
}
