import type { LicenseUsage } from "../../src/domain/access.ts";
import { organizationTags, tags } from "./home-page.ts";
import { type Html, html } from "./html.ts";
import type { DemoUser } from "./people.ts";

/** Every user, and how many licenses they take. */
export function usersPage(users: readonly DemoUser[], usage: LicenseUsage): Html {
  const limit = usage.limit === undefined ? "no limit" : `of ${usage.limit}`;
  return html`<h1>Users</h1>
<p class="card" id="licenses"><strong>${usage.used}</strong> ${usage.used === 1 ? "license" : "licenses"} in use (${limit}), ${usage.usedByJit} by auto-provisioning. <span class="soft">Lite users need none.</span></p>
<section class="card"><table>
<thead><tr><th>Email</th><th>Role</th><th>State</th><th>Created by</th><th>Groups</th><th>Organizations</th></tr></thead>
<tbody>${users.map(
    (user) => html`
<tr><td>${user.email}</td><td>${user.role}</td><td>${user.state}</td><td>${user.createdBy}</td><td>${tags(user.groups)}</td><td>${organizationTags(user)}</td></tr>`,
  )}
</tbody></table></section>`;
}
