import type { HostUsers } from "../../../src/adapters/objection/users/host-users.ts";

/** The example of docs/HOST-USERS.md, letter for letter: `host-seats.test.ts` compares and runs it. */
export const countSeatsExample: Required<Pick<HostUsers, "countSeats">> = {
  countSeats: async (db, tenant) => {
    const customer = await db("customers")
      .where({ id: Number(tenant) })
      .first("seats");
    return Number(customer.seats);
  },
};
