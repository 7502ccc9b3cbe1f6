/**
 * The plugin's option `users` over Strapi's tables: `up_users`, whose role is in a link table. An
 * administrator selects a role and nothing else; `blocked` suspends.
 */
const { randomInt } = require("node:crypto");
const { EmailTakenError, InvitationGoneError } = require("koa-saml-jit");

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** As Strapi makes them: a letter, then 23 letters and digits. */
const newDocumentId = () =>
  Array.from({ length: 24 }, (_, at) => {
    const from = at === 0 ? LETTERS : `${LETTERS}0123456789`;
    return from[randomInt(from.length)];
  }).join("");

/**
 * An address that was never confirmed may be somebody else's, who chose the password: its owner must
 * not be led into that account.
 */
const stateOf = ({ blocked, confirmed }) => (blocked || !confirmed ? "suspended" : "active");

module.exports = ({ trx, isDuplicate }) => {
  const countSeats = async (roles, more = {}) => {
    const [{ taken }] = await trx("up_users")
      .join("up_users_role_lnk", "up_users.id", "user_id")
      .where({ confirmed: true, ...more })
      .where((either) => either.where({ blocked: false }).orWhereNull("blocked"))
      .whereIn("role_id", roles.map(Number))
      .count({ taken: "*" });
    return Number(taken);
  };
  return {
    async findByEmail(_tenant, email) {
      const row = await trx("up_users").where({ email }).first();
      return row && { id: String(row.id), email, state: stateOf(row) };
    },
    countSeats: (_tenant, roles) => countSeats(roles),
    countJitSeats: (_tenant, roles) => countSeats(roles, { provider: "saml" }),
    async create(_tenant, { email, role, groups, organizations }) {
      if (groups.length > 0 || organizations.kind === "all" || organizations.ids.length > 0) {
        throw new Error("this platform has neither groups nor organizations");
      }
      const now = new Date();
      const row = {
        document_id: newDocumentId(),
        username: email,
        email,
        provider: "saml",
        confirmed: true, // by the identity provider
        blocked: false,
        created_at: now,
        updated_at: now,
        published_at: now,
      };
      try {
        const [{ id }] = await trx("up_users").insert(row).returning("id");
        await trx("up_users_role_lnk").insert({ user_id: id, role_id: Number(role), user_ord: 1 });
        return String(id);
      } catch (cause) {
        throw isDuplicate(cause) ? new EmailTakenError({ cause }) : cause;
      }
    },
    // Nobody is invited here: an account is either usable or blocked.
    acceptInvitation: async () => {
      throw new InvitationGoneError();
    },
  };
};
