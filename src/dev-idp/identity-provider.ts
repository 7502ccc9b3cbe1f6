import { createPrivateKey, randomBytes } from "node:crypto";
import { redirectUrl } from "../adapters/saml2-js/wire/redirect-binding.ts";
import { UNSPECIFIED } from "../adapters/saml2-js/xml/names.ts";
import { defined } from "../domain/defined.ts";
import { EMAIL_NAME_ID_FORMAT } from "../domain/email-identity.ts";
import type { TestKey } from "../testing/signing-idp/certificate.ts";
import { STATUS_SUCCESS } from "../testing/signing-idp/idp-xml.ts";
import { element, NAMESPACES, text } from "../testing/signing-idp/xml-text.ts";
import { makeSigningIdp } from "../testing/signing-idp.ts";
import {
  type AuthnRequest,
  DevIdpFault,
  fetchServiceProvider,
  isPermittedUrl,
  type KnownServiceProvider,
  type Received,
  readAuthnRequest,
  readLogoutMessage,
} from "./messages.ts";
import type { SignInForm } from "./pages.tsx";

const PASSWORD_PROTECTED_TRANSPORT =
  "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
/** A logout request is good for as long as an assertion. */
const VALID_MS = 300_000;

/** What the development identity provider does, apart from HTTP. */
export interface IdentityProvider {
  metadata(): string;
  /** What `PUT {prefix}/settings` of koa-saml-jit takes: it admits every user of this one. */
  settingsDocument(role: string | null): unknown;
  /**
   * The form for an unsolicited sign-in, and whether a session could be ended; with what is wrong, if
   * the service provider's metadata cannot be had.
   */
  start(): Promise<{
    readonly form: SignInForm;
    readonly fault?: string;
    readonly signedIn: boolean;
  }>;
  /** The form that answers an AuthnRequest. @throws DevIdpFault */
  ask(received: Received): Promise<SignInForm>;
  /** The fields to post to `form.acsUrl`. @throws DevIdpFault */
  respond(form: SignInForm): Readonly<Record<string, string>>;
  /** The URL with a logout request for the last sign-in. @throws DevIdpFault */
  beginLogout(): Promise<string>;
  /** Answers a logout request by a URL; what a logout response says. @throws DevIdpFault */
  receiveLogout(
    received: Received,
  ): Promise<{ readonly redirect: string } | { readonly status: string }>;
}

/** The last sign-in: the next form begins with what was typed, and logout names its session. */
interface LastSignIn {
  readonly form: SignInForm;
  readonly sessionIndex: string;
}

/** @param serviceProvider URL of its metadata, which is fetched when it is needed. */
export function makeIdentityProvider({
  url,
  key,
  serviceProvider,
}: {
  readonly url: string;
  readonly key: TestKey;
  readonly serviceProvider: string;
}): IdentityProvider {
  const entityId = `${url}/metadata`;
  const endpoints = { ssoUrl: `${url}/sso`, sloUrl: `${url}/slo` };
  const idp = makeSigningIdp({ entityId, endpoints, key });
  const privateKey = createPrivateKey(key.privateKey);
  let last: LastSignIn | undefined;
  let signedIn = false;

  function formTo(to: Pick<SignInForm, "acsUrl" | "audience">, request?: AuthnRequest): SignInForm {
    return {
      ...to,
      email: last?.form.email ?? "",
      nameId: last?.form.nameId ?? "",
      attributes: last?.form.attributes ?? "",
      inResponseTo: request?.id ?? "",
      relayState: request?.relayState ?? "",
      nameIdFormat: chosenFormat(request?.nameIdFormat),
      authnContextClassRef: request?.authnContextClassRef ?? PASSWORD_PROTECTED_TRANSPORT,
    };
  }

  /** The known service provider, if it is `issuer`. */
  async function known(issuer: string): Promise<KnownServiceProvider> {
    const found = await fetchServiceProvider(serviceProvider);
    if (found.entityId === issuer) return found;
    throw new DevIdpFault(
      `${serviceProvider} is the metadata of ${found.entityId}, not of ${issuer}: its URLs are not known.`,
    );
  }

  function logoutUrl(
    { slo, entityId: of }: KnownServiceProvider,
    which: "requestUrl" | "responseUrl",
  ): string {
    if (slo === undefined) throw new DevIdpFault(`${of} has no logout by HTTP-Redirect.`);
    requirePermitted(slo[which]);
    return slo[which];
  }

  function logoutXml(
    name: "LogoutRequest" | "LogoutResponse",
    attributes: Readonly<Record<string, string>>,
    ...children: readonly string[]
  ): string {
    return element(
      `samlp:${name}`,
      {
        "xmlns:samlp": NAMESPACES.samlp,
        "xmlns:saml": NAMESPACES.saml,
        ID: `_${randomBytes(16).toString("hex")}`,
        IssueInstant: new Date().toISOString(),
        Version: "2.0",
        ...attributes,
      },
      element("saml:Issuer", {}, text(entityId)),
      ...children,
    );
  }

  return {
    metadata: () => idp.metadata(),

    settingsDocument(role) {
      const organizations = { kind: "selected", ids: [] };
      return {
        enabled: true,
        connection: idp.connection(),
        email: { source: { kind: "automatic" } },
        ...(role === null ? {} : { autoProvisioning: { enabled: true, role, organizations } }),
      };
    },

    async start() {
      try {
        const { acsUrl, entityId: audience } = await fetchServiceProvider(serviceProvider);
        return { form: formTo({ acsUrl, audience }), signedIn };
      } catch (error) {
        if (!(error instanceof DevIdpFault)) throw error;
        return { form: formTo({ acsUrl: "", audience: "" }), fault: error.message, signedIn };
      }
    },

    async ask(received) {
      const request = readAuthnRequest(received);
      const acsUrl = request.acsUrl ?? (await known(request.issuer)).acsUrl;
      requirePermitted(acsUrl);
      return formTo({ acsUrl, audience: request.issuer }, request);
    },

    respond(form) {
      requirePermitted(form.acsUrl);
      const { inResponseTo, relayState, email, nameIdFormat, authnContextClassRef } = form;
      const sessionIndex = `_${randomBytes(16).toString("hex")}`;
      const fields = idp.form({
        acsUrl: form.acsUrl,
        audience: form.audience,
        email,
        nameId: form.nameId || email,
        nameIdFormat: nameIdFormat || EMAIL_NAME_ID_FORMAT,
        authnContextClassRef: authnContextClassRef || PASSWORD_PROTECTED_TRANSPORT,
        attributes: readAttributes(form.attributes),
        // Every service provider finds what it verifies.
        sign: "both",
        sessionIndex,
        ...defined({
          inResponseTo: inResponseTo || undefined,
          relayState: relayState || undefined,
        }),
      });
      last = { form, sessionIndex };
      signedIn = true;
      return { ...fields };
    },

    async beginLogout() {
      if (last === undefined) throw new DevIdpFault("Nobody has signed in yet.");
      const { form, sessionIndex } = last;
      const Destination = logoutUrl(await known(form.audience), "requestUrl");
      const xml = logoutXml(
        "LogoutRequest",
        { Destination, NotOnOrAfter: new Date(Date.now() + VALID_MS).toISOString() },
        element("saml:NameID", { Format: form.nameIdFormat }, text(form.nameId || form.email)),
        element("samlp:SessionIndex", {}, text(sessionIndex)),
      );
      signedIn = false;
      return redirectUrl(Destination, { parameter: "SAMLRequest", xml }, privateKey);
    },

    async receiveLogout(received) {
      const { kind, id, issuer, status = "nothing", relayState } = readLogoutMessage(received);
      if (kind === "response") return { status };
      const Destination = logoutUrl(await known(issuer), "responseUrl");
      const success = element("samlp:StatusCode", { Value: STATUS_SUCCESS });
      const xml = logoutXml(
        "LogoutResponse",
        { Destination, InResponseTo: id },
        element("samlp:Status", {}, success),
      );
      signedIn = false;
      const message = { parameter: "SAMLResponse", xml, ...defined({ relayState }) } as const;
      return { redirect: redirectUrl(Destination, message, privateKey) };
    },
  };
}

function requirePermitted(url: string): void {
  if (isPermittedUrl(url)) return;
  throw new DevIdpFault(
    `No message is sent to ${url}: only to this computer (localhost, 127.0.0.1, [::1]), or over https.`,
  );
}

/** `unspecified` leaves the choice to the identity provider (SAML core section 8.3.1). */
function chosenFormat(requested: string = UNSPECIFIED): string {
  return requested === UNSPECIFIED ? EMAIL_NAME_ID_FORMAT : requested;
}

/** Lines of `name=value`; a name may stand on several. */
function readAttributes(lines: string): Readonly<Record<string, readonly string[]>> {
  const attributes = new Map<string, readonly string[]>();
  for (const line of lines.split(/\r?\n/).filter((one) => one.trim() !== "")) {
    const split = line.indexOf("=");
    const name = line.slice(0, split).trim();
    if (split === -1 || name === "") {
      throw new DevIdpFault(`Write attributes as name=value, not ${JSON.stringify(line)}.`);
    }
    attributes.set(name, [...(attributes.get(name) ?? []), line.slice(split + 1).trim()]);
  }
  return Object.fromEntries(attributes);
}
