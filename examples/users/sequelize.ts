/**
 * Users by Sequelize 6 on PostgreSQL, in the plugin's transaction. Sequelize has no public way to use a
 * connection that is open already: the transaction below is given ours by the member that Sequelize
 * itself reads. It neither begins nor ends anything. Pin the version of Sequelize, and run the contract
 * suite when you change it.
 */
import {
  EmailTakenError,
  type HostUserDirectory,
  InvitationGoneError,
  type UserState,
  type UsersTransaction,
} from "koa-saml-jit";
import type { StoresSubject } from "koa-saml-jit/testing";
import pg from "pg";
import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  Sequelize,
  Transaction,
} from "sequelize";

class Member extends Model<InferAttributes<Member>, InferCreationAttributes<Member>> {
  declare id: CreationOptional<number>;
  declare customer: string;
  declare email: string;
  declare role: string;
  declare state: UserState;
  declare fromSaml: CreationOptional<boolean>;
  declare everySite: CreationOptional<boolean>;
}

class Team extends Model<InferAttributes<Team>, InferCreationAttributes<Team>> {
  declare member: number;
  declare team: string;
}

class Site extends Model<InferAttributes<Site>, InferCreationAttributes<Site>> {
  declare member: number;
  declare site: string;
}

/** Defines the models; `await sequelize.sync()` makes their tables. */
export function makeSequelize(url: string, options: object = {}): Sequelize {
  const sequelize = new Sequelize(url, { dialect: "postgres", logging: false, ...options });
  const table = (tableName: string) => ({
    sequelize,
    tableName,
    timestamps: false,
    underscored: true,
  });
  Member.init(
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      customer: { type: DataTypes.STRING(64), allowNull: false },
      email: { type: DataTypes.STRING(254), allowNull: false },
      role: { type: DataTypes.STRING(64), allowNull: false },
      state: { type: DataTypes.STRING(16), allowNull: false },
      fromSaml: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
      everySite: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    },
    { ...table("seq_members"), indexes: [{ unique: true, fields: ["customer", "email"] }] },
  );
  const member = { type: DataTypes.INTEGER, primaryKey: true, references: { model: Member } };
  const granted = { type: DataTypes.STRING, primaryKey: true };
  Team.init({ member, team: granted }, table("seq_teams"));
  Site.init({ member, site: granted }, table("seq_sites"));
  return sequelize;
}

/** The plugin's transaction as one of Sequelize's. */
function transactionOn(sequelize: Sequelize, client: pg.Client): Transaction {
  const transaction = new Transaction(sequelize, {});
  Reflect.set(transaction, "connection", client);
  return transaction;
}

/** Makes the option `users`. */
export function makeUsers(sequelize: Sequelize) {
  return ({ connection, isDuplicate }: UsersTransaction): HostUserDirectory => {
    const transaction = transactionOn(sequelize, connection(pg.Client));
    const countSeats = (customer: string, roles: readonly string[], more: object = {}) =>
      Member.count({
        transaction,
        where: {
          customer,
          state: { [Op.in]: ["active", "invited"] },
          role: { [Op.in]: [...roles] },
          ...more,
        },
      });
    return {
      async findByEmail(customer, email) {
        const found = await Member.findOne({ transaction, where: { customer, email } });
        return found === null ? undefined : { id: String(found.id), email, state: found.state };
      },
      countSeats: (customer, roles) => countSeats(customer, roles),
      countJitSeats: (customer, roles) => countSeats(customer, roles, { fromSaml: true }),
      async create(customer, { email, role, groups, organizations }) {
        const everySite = organizations.kind === "all";
        const row = { customer, email, role, state: "active" as const, fromSaml: true, everySite };
        const { id: member } = await Member.create(row, { transaction }).catch((cause: unknown) => {
          throw isDuplicate(cause) ? new EmailTakenError({ cause }) : cause;
        });
        const ids = organizations.kind === "all" ? [] : organizations.ids;
        await Team.bulkCreate(
          groups.map((team) => ({ member, team })),
          { transaction },
        );
        await Site.bulkCreate(
          ids.map((site) => ({ member, site })),
          { transaction },
        );
        return String(member);
      },
      async acceptInvitation(customer, userId) {
        const id = /^\d{1,9}$/.test(userId) ? Number(userId) : 0;
        const where = { customer, id, state: "invited" as const };
        const [accepted] = await Member.update({ state: "active" }, { transaction, where });
        if (accepted !== 1) throw new InvitationGoneError();
      },
    };
  };
}

/** What the contract suite needs to know of the tables. */
export function seeTables(): Pick<
  StoresSubject,
  "vocabulary" | "seedUser" | "accessOf" | "countUsers"
> {
  return {
    vocabulary: {
      licensedRole: "member",
      liteRole: "lite",
      groups: ["staff", "lab"],
      organizations: ["berlin", "paris"],
    },
    seedUser: async (customer, { email, state, role }) =>
      String((await Member.create({ customer, email, state, role })).id),
    accessOf: async (_customer, userId) => {
      const member = Number(userId);
      const row = await Member.findByPk(member);
      if (row === null) return undefined;
      const teams = await Team.findAll({ where: { member } });
      const sites = await Site.findAll({ where: { member } });
      return {
        role: row.role,
        groups: teams.map(({ team }) => team),
        organizations: row.everySite
          ? { kind: "all" }
          : { kind: "selected", ids: sites.map(({ site }) => site) },
      };
    },
    countUsers: (customer) => Member.count({ where: { customer } }),
  };
}
