import type { TenantId } from "../domain/tenant.ts";
import type { Stores, UnitOfWork } from "../ports/unit-of-work.ts";

/** Leaves a transaction on purpose: nothing that it wrote is kept. */
class Rollback extends Error {
  override readonly name = "Rollback";
}

/**
 * Runs `work` in a transaction. `rollBack(result)` leaves it: nothing is written, and the result is
 * returned. Other errors roll back as well and are thrown.
 */
export async function runInTransaction<Result>(
  unitOfWork: UnitOfWork,
  tenant: TenantId,
  work: (stores: Stores, rollBack: (result: Result) => never) => Promise<Result>,
): Promise<Result> {
  let left: { readonly result: Result } | undefined;
  const rollBack = (result: Result): never => {
    left = { result };
    throw new Rollback();
  };
  try {
    return await unitOfWork.run(tenant, (stores) => work(stores, rollBack));
  } catch (error) {
    if (error instanceof Rollback && left !== undefined) return left.result;
    throw error;
  }
}

/** How often settings may be saved concurrently between a read and a write over it. */
const MAX_ATTEMPTS = 5;

/**
 * Makes an attempt again while settings are saved concurrently.
 *
 * @param attempt returns `raced` if others have saved since it read; it has then written nothing.
 * @returns `undefined` if every attempt raced.
 */
export async function retryWhileRaced<Result>(
  attempt: () => Promise<Result | "raced">,
): Promise<Result | undefined> {
  for (let attempts = 0; attempts < MAX_ATTEMPTS; attempts += 1) {
    const result = await attempt();
    if (result !== "raced") return result;
  }
  return undefined;
}
