import { Model, type RelationMappings } from "objection";

/** A group or an organization: its ID is its name. */
export class Group extends Model {
  static override readonly tableName: string = "demo_groups";
  declare readonly id: string;
}

/** An organization. */
export class Organization extends Model {
  static override readonly tableName: string = "demo_organizations";
  declare readonly id: string;
}

/** A user of the demo. Table and column names are the host's own. */
export class Person extends Model {
  static override readonly tableName: string = "demo_people";
  static override readonly idColumn: string = "person_id";

  declare readonly person_id: number;
  declare readonly login_email: string;
  declare readonly display_name: string | null;
  declare readonly role_name: string;
  /** `active`, `invited`, `suspended` or `deleted`. */
  declare readonly standing: string;
  /** SQLite and MySQL give booleans as numbers. */
  declare readonly sees_everything: boolean | number;
  declare readonly made_by: string;
  declare readonly made_at: string;
  declare readonly groups?: readonly Group[];
  declare readonly organizations?: readonly Organization[];

  static override get relationMappings(): RelationMappings {
    return {
      groups: {
        relation: Model.ManyToManyRelation,
        modelClass: Group,
        join: {
          from: "demo_people.person_id",
          through: { from: "demo_people_groups.person", to: "demo_people_groups.group" },
          to: "demo_groups.id",
        },
      },
      organizations: {
        relation: Model.ManyToManyRelation,
        modelClass: Organization,
        join: {
          from: "demo_people.person_id",
          through: {
            from: "demo_people_organizations.person",
            to: "demo_people_organizations.organization",
          },
          to: "demo_organizations.id",
        },
      },
    };
  }
}
