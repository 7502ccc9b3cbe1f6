import { createHash } from "node:crypto";
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { UNSPECIFIED } from "../adapters/saml2-js/xml/names.ts";
import { EMAIL_NAME_ID_FORMAT } from "../domain/email-identity.ts";

/** What the form holds; texts as they are typed. */
export interface SignInForm {
  readonly acsUrl: string;
  readonly audience: string;
  /** Empty for an unsolicited response. */
  readonly inResponseTo: string;
  readonly relayState: string;
  readonly email: string;
  /** Empty for the address. */
  readonly nameId: string;
  readonly nameIdFormat: string;
  readonly authnContextClassRef: string;
  /** One `name=value` a line. */
  readonly attributes: string;
}

/** A page and the policy under which it is sent. */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

const TITLE = "Development identity provider";
const SUBMIT = "document.forms[0].submit()";

const NAME_ID_FORMATS = [
  EMAIL_NAME_ID_FORMAT,
  "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
  UNSPECIFIED,
];

const STYLE = `:root{color-scheme:light dark}
body{margin:0;background:light-dark(#f5f6f9,#13151b);color:light-dark(#1c2130,#e8eaf1);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:40rem;margin:2rem auto;padding:0 1rem}
.loud{background:#ffd60a;color:#1c2130;padding:.75rem 1rem;text-align:center;font-weight:600}
.fault{border-left:.25rem solid light-dark(#b3261e,#ffb4ab);padding-left:1rem}
label{display:block;margin:1rem 0 .25rem;font-weight:600}
input,select,textarea{width:100%;padding:.5rem;box-sizing:border-box;border:1px solid light-dark(#6b7280,#8b93a7);border-radius:.375rem;background:light-dark(#fff,#1c1f28);color:inherit;font:inherit}
button{margin:1.5rem 0;padding:.625rem 1.25rem;border:0;border-radius:.375rem;background:light-dark(#2444bd,#a3b6ff);color:light-dark(#fff,#10131c);font:inherit;font-weight:600;cursor:pointer}
summary{cursor:pointer;margin-top:1rem}
a{color:light-dark(#2444bd,#a3b6ff)}
:focus-visible{outline:3px solid light-dark(#2444bd,#a3b6ff);outline-offset:2px}`;

const hashSource = (text: string): string =>
  `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The form in which a developer says who they are. */
export function signInPage(start: {
  readonly form: SignInForm;
  readonly fault?: string;
  /** Whether there is a session to end. Default: false. */
  readonly signedIn?: boolean;
}): Page {
  const { form, fault, signedIn = false } = start;
  const solicited = form.inResponseTo !== "";
  const destination = solicited ? form.audience : form.acsUrl;
  return page(
    <>
      <h1>{solicited ? "Who are you?" : "Sign in without a request"}</h1>
      <p>
        {solicited ? "Answers the request of " : "Posts an unsolicited response to "}
        {destination === "" ? "the service provider below" : <code>{destination}</code>}. There is
        no password.
      </p>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <form method="post" action="/sign-in">
        <label for="email">Email address</label>
        <input id="email" name="email" value={form.email} maxLength={254} required autofocus />
        <label for="attributes">Attributes, one name=value a line</label>
        <textarea id="attributes" name="attributes" rows={4} placeholder="groups=staff">
          {form.attributes}
        </textarea>
        <details open={form.acsUrl === "" || fault !== undefined}>
          <summary>NameID and destination</summary>
          <Field name="nameId" label="NameID (default: what is typed above)" value={form.nameId} />
          <label for="nameIdFormat">Format of the NameID</label>
          <select id="nameIdFormat" name="nameIdFormat">
            {[...new Set([form.nameIdFormat, ...NAME_ID_FORMATS])].map((value) => (
              <option value={value}>{value.split(":").at(-1)}</option>
            ))}
          </select>
          <Field
            name="authnContextClassRef"
            label="Authentication context class"
            value={form.authnContextClassRef}
          />
          <Field
            name="acsUrl"
            label="Assertion consumer service URL"
            value={form.acsUrl}
            required
          />
          <Field
            name="audience"
            label="Entity ID of the service provider"
            value={form.audience}
            required
          />
          <Field name="relayState" label="RelayState" value={form.relayState} />
        </details>
        <input type="hidden" name="inResponseTo" value={form.inResponseTo} />
        <button type="submit">Sign in</button>
      </form>
      {signedIn && (
        <form method="post" action="/sign-out">
          <button type="submit">End the last session (single logout)</button>
        </form>
      )}
      <p>
        <a href="/metadata">Metadata of this identity provider</a>
      </p>
    </>,
    // Signing out is redirected to the service provider, and only it knows where it leads on.
    signedIn ? [] : ["form-action 'self'"],
  );
}

/** The end of a logout that began here. */
export function signedOutPage(status: string): Page {
  return page(
    <>
      <h1>Signed out</h1>
      <p>
        The service provider answers with <code>{status}</code>.
      </p>
      <p>
        <a href="/">To the start page</a>
      </p>
    </>,
  );
}

/** Something that cannot be answered. */
export function faultPage(fault: string): Page {
  return page(
    <>
      <h1>This cannot be answered</h1>
      <p class="fault" role="alert">
        {fault}
      </p>
      <p>
        <a href="/">To the start page</a>
      </p>
    </>,
  );
}

/**
 * Posts a response by itself, or by its button without scripts. `form-action` is open: browsers apply
 * it to redirects as well, and only the service provider knows where it leads on.
 */
export function postPage(acsUrl: string, fields: Readonly<Record<string, string>>): Page {
  const inner = (
    <>
      <h1>Signing in …</h1>
      <form method="post" action={acsUrl}>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <noscript>
          <button type="submit">Continue to {new URL(acsUrl).host}</button>
        </noscript>
      </form>
      <script dangerouslySetInnerHTML={{ __html: SUBMIT }} />
    </>
  );
  return page(inner, [`script-src ${hashSource(SUBMIT)}`]);
}

function Field(field: {
  readonly name: keyof SignInForm;
  readonly label: string;
  readonly value: string;
  readonly required?: boolean;
}): VNode {
  const { name, label, value, required = false } = field;
  return (
    <>
      <label for={name}>{label}</label>
      <input id={name} name={name} value={value} required={required} />
    </>
  );
}

function page(
  children: ComponentChildren,
  directives: readonly string[] = ["form-action 'self'"],
): Page {
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{TITLE}</title>
        <link rel="icon" href="data:," />
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <header class="loud">
          {TITLE}: anyone who opens this page can sign in as any user. Do not let a production
          system trust it.
        </header>
        <main>{children}</main>
      </body>
    </html>,
  );
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src ${hashSource(STYLE)}`,
    "img-src data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...directives,
  ].join("; ");
  return { html: `<!doctype html>\n${html}\n`, contentSecurityPolicy };
}
