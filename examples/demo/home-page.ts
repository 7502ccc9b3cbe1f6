import { type Html, html } from "./html.ts";
import type { DemoUser } from "./people.ts";
import { ADMINISTRATOR } from "./roles.ts";

/** What the home page shows. */
export interface HomePage {
  readonly user?: DemoUser;
  readonly identityProvider: string;
  /** Whether the demo's own IdP is the one in use. */
  readonly ownIdp: boolean;
  readonly baseUrl: string;
  /** The page was opened under another address than `baseUrl`: sign-in would not find its cookie. */
  readonly elsewhere: boolean;
}

/** Who is signed in, and what can be done. */
export function homePage({ user, ...page }: HomePage): Html {
  return html`<h1>${user === undefined ? "You are not signed in" : `Signed in as ${user.email}`}</h1>
${page.elsewhere ? elsewhere(page.baseUrl) : undefined}
<section class="card">${user === undefined ? signIn() : [person(user), signOut()]}</section>
${user?.role === ADMINISTRATOR ? administration() : undefined}
<section class="card">
<h2>Identity provider</h2>
<p>${page.identityProvider}</p>
${
  page.ownIdp
    ? html`<p class="row"><a class="button" href="/demo-idp">Start from the identity provider</a>
<span class="soft">Made from the npm package samlp, in this process: any address can sign in there.</span></p>`
    : undefined
}
<p class="row"><a href="/saml/metadata">Metadata of this service provider</a> <a href="/users">All users and licenses</a> <a href="/events">Events</a> <a href="/whoami">/whoami</a></p>
</section>`;
}

/** The names as tags; a dash if there are none. */
export function tags(names: readonly string[]): Html {
  return names.length === 0
    ? html`<span class="soft">–</span>`
    : html`${names.map((name) => html`<span class="tag">${name}</span> `)}`;
}

/** The most organizations that a page shows by name. */
const MAX_TAGS = 50;

/** The organizations of a user, in words and tags. */
export function organizationTags({ allOrganizations, organizations }: DemoUser): Html {
  if (allOrganizations) return html`all, also future ones (now ${organizations.length})`;
  const more = organizations.length - MAX_TAGS;
  return html`${tags(organizations.slice(0, MAX_TAGS))}${more > 0 ? `and ${more} more` : ""}`;
}

function person(user: DemoUser): Html {
  return html`<dl>
<dt>Role</dt><dd id="role">${user.role}</dd>
<dt>Groups</dt><dd id="groups">${tags(user.groups)}</dd>
<dt>Organizations</dt><dd id="organizations">${organizationTags(user)}</dd>
<dt>Created by</dt><dd id="created-by">${user.createdBy}</dd>
</dl>`;
}

function signIn(): Html {
  return html`<div class="row">
<a class="button first" href="/saml/login">Sign in with SSO</a>
<form method="post" action="/demo/sign-in-as-administrator"><button>Sign in as administrator</button></form>
</div>
<form method="post" action="/demo/password" class="row">
<label>Email address <input name="email" type="email" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in with a password</button>
<span class="soft">The password is demo.</span>
</form>`;
}

/** Shown instead of a session when single sign-on is enforced. */
export function ssoPage(loginUrl: string): Html {
  return html`<h1>Your company uses single sign-on</h1>
<section class="card"><p>Passwords are turned off for your email address.</p>
<p class="row"><a class="button first" href="${loginUrl}">Sign in with SSO</a></p></section>`;
}

/** Shown for a wrong password, and for an address that no user has. */
export function wrongPasswordPage(): Html {
  return html`<h1>Email address or password is wrong</h1>
<section class="card"><p class="row"><a href="/">Try again</a></p></section>`;
}

function signOut(): Html {
  return html`<p></p><form method="post" action="/saml/logout"><button>Sign out</button></form>`;
}

function administration(): Html {
  return html`<section class="card"><h2>Administration</h2>
<p class="row"><a class="button first" href="/saml/settings/page">Single sign-on settings</a></p>
<p class="row">As JSON: <a href="/saml/settings">Settings</a> <a href="/saml/settings/license-usage">License usage</a> <a href="/saml/settings/audit">Audit trail</a></p>
</section>`;
}

function elsewhere(baseUrl: string): Html {
  return html`<p class="card">This demo is meant to be opened at <a href="${baseUrl}/">${baseUrl}</a>; sign-in works there.</p>`;
}
