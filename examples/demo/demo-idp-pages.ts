import type { DemoIdp } from "./demo-idp.ts";
import { IDP_PATH } from "./demo-idp.ts";
import { type Html, html } from "./html.ts";

/** What a request to the IdP carries on to its answer. */
export interface Carried {
  readonly SAMLRequest?: string;
  readonly RelayState?: string;
}

/** The form of the identity provider. */
export function pickPage(page: {
  readonly suggestions: readonly string[];
  readonly carried: Carried;
  readonly fault?: string;
}): Html {
  const asked = page.carried.SAMLRequest !== undefined;
  return html`<h1>Demo identity provider</h1>
<p class="soft">${asked ? "The demo application asks who you are." : "Pick who you are, and click through to the demo application."} There are no passwords here.</p>
${page.fault === undefined ? undefined : html`<p class="card" role="alert">${page.fault}</p>`}
<section class="card"><form method="post" action="${IDP_PATH}/sso">
${hidden(page.carried)}
<label for="email">Email address</label>
<div class="row"><input id="email" name="email" type="text" inputmode="email" maxlength="254" required autofocus placeholder="new.person@customer.example">
<button class="first">${asked ? "Sign in" : "Open the demo application"}</button></div>
<label for="groups">Groups, separated by commas (sent as the attribute <code>groups</code>)</label>
<input id="groups" name="groups" type="text" maxlength="1024" placeholder="managers, staff">
</form></section>
<section class="card"><h2>People whom the demo application knows</h2>
${page.suggestions.map(
  (email) => html`<form method="post" action="${IDP_PATH}/sso">${hidden(page.carried)}
<p><button name="email" value="${email}">${email}</button></p></form>
`,
)}</section>`;
}

/** Sends the browser on with the signed response: by itself, or by a button without scripts. */
export function postPage(
  idp: DemoIdp,
  form: { readonly SAMLResponse: string; readonly RelayState?: string; readonly nonce: string },
): Html {
  return html`<h1>Signing in …</h1>
<form method="post" action="${idp.acsUrl}">
<input type="hidden" name="SAMLResponse" value="${form.SAMLResponse}">
${form.RelayState === undefined ? undefined : html`<input type="hidden" name="RelayState" value="${form.RelayState}">`}
<noscript><button class="first">Go on</button></noscript>
</form>
<script nonce="${form.nonce}">document.forms[0].submit()</script>`;
}

function hidden(carried: Carried): Html {
  return html`${Object.entries(carried).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}`;
}
