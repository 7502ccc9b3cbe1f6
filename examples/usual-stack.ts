/**
 * A platform with the usual stack: koa-session, koa-helmet with its defaults, CSRF tokens, and
 * passwords beside single sign-on; users with UUIDs in SQLite. Everything about the plugin is in
 * {@link makeSaml}, {@link makePlatform} and the comments that name it.
 */
import { randomBytes, randomUUID, scryptSync, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import escapeHtml from "escape-html";
import knexFactory, { type Knex } from "knex";
import Koa, { type Context } from "koa";
import { koaBody } from "koa-body";
import CSRF from "koa-csrf";
import helmet from "koa-helmet";
import {
  createSamlJit,
  type HostUsers,
  parseEmailAddress,
  type SamlJit,
  type SamlSession,
} from "koa-saml-jit";
import session from "koa-session";
import { Model } from "objection";
import { z } from "zod";

class User extends Model {
  static override tableName = "users";
  declare id: string;
  declare email: string;
  declare role: string;
  declare password: string | null;
}

const grants = (table: string, name: string) =>
  ({ table, user: "user_id", granted: { name, type: "uuid" } }) as const;

const hostUsers: HostUsers = {
  model: User,
  columns: {
    id: { name: "id", type: "uuid" },
    email: "email",
    role: { name: "role", type: "text" },
  },
  newId: () => randomUUID(), // SQLite generates none
  state: { kind: "column", column: "active", values: { active: [true], suspended: [false] } },
  groups: grants("user_groups", "group_id"),
  organizations: grants("user_organizations", "organization_id"),
};

const ROLES = [
  { id: "member", name: "Member", licensed: true, privileged: false },
  { id: "admin", name: "Administrator", licensed: true, privileged: true },
];

async function createTables(knex: Knex): Promise<void> {
  if (await knex.schema.hasTable("users")) return;
  await knex.schema.createTable("users", (table) => {
    table.uuid("id").primary();
    table.string("email", 254).notNullable().unique();
    table.string("role").notNullable();
    table.boolean("active").notNullable().defaultTo(true);
    table.string("password"); // NULL: single sign-on only
  });
  for (const what of ["group", "organization"]) {
    await knex.schema.createTable(`user_${what}s`, (table) => {
      table.uuid("user_id").notNullable().references("users.id");
      table.uuid(`${what}_id`).notNullable();
      table.primary(["user_id", `${what}_id`]);
    });
  }
}

async function createAdministrator(email: string, password: string): Promise<void> {
  const parsed = parseEmailAddress(email); // the form in which the plugin looks up
  if (!parsed.ok) throw new Error(`ADMIN_EMAIL: ${parsed.fault}`);
  const user = { email: parsed.address, role: "admin", password: hashPassword(password) };
  if (await User.query().findOne({ email: user.email })) return;
  await User.query().insert({ id: randomUUID(), ...user });
}

function hashPassword(password: string, salt = randomBytes(16).toString("hex")): string {
  return `${salt}:${scryptSync(password, salt, 32).toString("hex")}`;
}

const PasswordForm = z.object({ email: z.string(), password: z.string().max(200) });

/** The user with this address and password. */
async function withPassword(body: unknown): Promise<User | undefined> {
  const form = PasswordForm.safeParse(body);
  const parsed = form.success ? parseEmailAddress(form.data.email) : undefined;
  if (!form.success || !parsed?.ok) return undefined;
  const user = await User.query().findOne({ email: parsed.address, active: true });
  const stored = user?.password ?? hashPassword("", "nobody");
  const given = hashPassword(form.data.password, stored.split(":")[0]);
  const same = timingSafeEqual(Buffer.from(given), Buffer.from(stored));
  return same && user?.password ? user : undefined;
}

const signedInUser = async (ctx: Context): Promise<User | undefined> =>
  ctx["session"].userId && User.query().findOne({ id: ctx["session"].userId, active: true });

/** A session of nothing but this: what was in the one before does not go on. */
function beginSession(ctx: Context, userId: string, saml?: SamlSession): void {
  ctx["session"] = { userId, ...(saml && { saml }) };
}

function makeSaml(options: {
  readonly baseUrl: string;
  readonly knex: Knex;
  /** For single logout: PEM files of a key and its certificate. */
  readonly keyFiles: readonly [key: string, certificate: string] | undefined;
}): SamlJit {
  const { baseUrl, knex, keyFiles } = options;
  return createSamlJit({
    baseUrl,
    knex,
    hostUsers,
    catalog: {
      roles: async () => ROLES,
      groupsByIds: async () => [],
      organizationsByIds: async () => [],
      searchGroups: async () => ({ items: [] }),
      searchOrganizations: async () => ({ items: [] }),
    },
    requireAdmin: async (ctx) => {
      const user = await signedInUser(ctx);
      return user?.role === "admin" ? { id: user.id, name: user.email } : undefined;
    },
    signIn: (ctx, { user, session }) => beginSession(ctx, user.id, session),
    ...(keyFiles && {
      serviceProvider: {
        keys: [
          {
            privateKey: readFileSync(keyFiles[0], "utf8"),
            certificate: readFileSync(keyFiles[1], "utf8"),
          },
        ],
      },
      logout: {
        currentSamlSession: (ctx) => ctx["session"].saml,
        signOut: (ctx, { demand }) => {
          // These sessions are in cookies: those of other browsers cannot be found from here. A table
          // of sessions can be searched: see sessions.ts.
          if (demand) return false;
          ctx["session"] = null;
          return true;
        },
      },
    }),
  });
}

function makePlatform(saml: SamlJit, { keys, logout }: { keys: string[]; logout: boolean }): Koa {
  const app = new Koa({ keys });
  app.use(helmet());
  app.use(session({ sameSite: "lax", maxAge: 8 * 3_600_000 }, app));
  // Before the CSRF tokens, which identity providers cannot send. The plugin checks where posts come from.
  app.use(saml.routes());
  app.use(koaBody());
  app.use(new CSRF());
  app.use(async (ctx) => {
    const user = await signedInUser(ctx);
    const token: string = ctx.state["_csrf"];
    if (ctx.method === "GET" && ctx.path === "/") {
      show(ctx, user ? home(user, token, logout) : signInForms(token));
    } else if (ctx.method === "POST" && ctx.path === "/password") {
      await signInWithPassword(ctx, saml);
    } else if (ctx.method === "POST" && ctx.path === "/sign-out") {
      ctx["session"] = null;
      ctx.redirect("/");
    }
  });
  return app;
}

async function signInWithPassword(ctx: Context, saml: SamlJit): Promise<void> {
  const user = await withPassword(ctx.request.body);
  if (user === undefined) return show(ctx, "<h1>Wrong address or password</h1>", 401);
  const answer = await saml.passwordAllowed("default", user.email);
  if (!answer.allowed) {
    // A link, not a redirect: Chromium applies `form-action 'self'`, a default of koa-helmet, to where
    // a form is redirected to, and single sign-on leads to the identity provider.
    const link = `<a href="${escapeHtml(answer.loginUrl)}">Sign in with SSO</a>`;
    return show(ctx, `<h1>Your organization signs in with SSO</h1><p>${link}</p>`, 403);
  }
  beginSession(ctx, user.id);
  ctx.redirect("/");
}

const tokenField = (token: string) =>
  `<input type="hidden" name="_csrf" value="${escapeHtml(token)}">`;

// The plugin's forms are posted: it answers them with a page that leads on, which `form-action 'self'`
// lets pass. They need no token.
const signInForms = (token: string) => `<h1>Welcome</h1>
<form method="post" action="/password">${tokenField(token)}
<p><label>Email address <input name="email" type="email" required></label></p>
<p><label>Password <input name="password" type="password" required></label></p>
<button>Sign in</button></form>
<p><a href="/saml/login">Sign in with SSO</a></p>
<form method="post" action="/saml/login"><button>Sign in with SSO by a form</button></form>`;

const home = (
  { email, role }: User,
  token: string,
  logout: boolean,
) => `<h1>${escapeHtml(email)}</h1>
<p>${escapeHtml(role)}</p>
${role === "admin" ? '<p><a href="/saml/settings/page">Single sign-on</a></p>' : ""}
<form method="post" action="${logout ? "/saml/logout" : "/sign-out"}">${tokenField(token)}
<button>Sign out</button></form>`;

function show(ctx: Context, main: string, status = 200): void {
  ctx.status = status;
  ctx.type = "html";
  ctx.body = `<!doctype html><html lang="en"><head><title>Platform</title>
<link rel="icon" href="data:,"></head><body><main>${main}</main></body></html>`;
}

const env = z
  .object({
    BASE_URL: z.string().default("http://localhost:3000"),
    PORT: z.coerce.number().default(3000),
    DATABASE: z.string().default("platform.sqlite"),
    COOKIE_KEY: z.string(),
    ADMIN_EMAIL: z.string(),
    ADMIN_PASSWORD: z.string(),
    SP_KEY: z.string().optional(),
    SP_CERTIFICATE: z.string().optional(),
  })
  .parse(process.env);

const connection = { filename: env.DATABASE };
const knex = knexFactory({ client: "sqlite3", connection, useNullAsDefault: true });
Model.knex(knex);
await createTables(knex);
await createAdministrator(env.ADMIN_EMAIL, env.ADMIN_PASSWORD);
const { SP_KEY, SP_CERTIFICATE } = env;
const keyFiles = SP_KEY && SP_CERTIFICATE ? ([SP_KEY, SP_CERTIFICATE] as const) : undefined;
const saml = makeSaml({ baseUrl: env.BASE_URL, knex, keyFiles });
await saml.migrate();
const app = makePlatform(saml, { keys: [env.COOKIE_KEY], logout: keyFiles !== undefined });
app.listen(env.PORT, () => console.log(`Ready at ${env.BASE_URL}`));
