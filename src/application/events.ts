import type { TenantId } from "../domain/tenant.ts";
import type { Clock, IdSource, Logger } from "../ports/environment.ts";
import type { EventOutbox, SamlEvent } from "../ports/event-outbox.ts";
import type { Stores } from "../ports/unit-of-work.ts";

/** What an event says; its ID, tenant and time are added. */
export type EventContent = ContentOf<SamlEvent>;

type ContentOf<Event> = Event extends SamlEvent ? Pick<Event, "type" | "data"> : never;

/**
 * Adds an event to the transaction of `stores`, as its last write. Does nothing if the host has not
 * turned events on.
 */
export type RecordEvent = (
  stores: Pick<Stores, "events">,
  tenant: TenantId,
  content: EventContent,
) => Promise<void>;

export function makeRecordEvent({
  eventsOn,
  clock,
  ids,
}: {
  readonly eventsOn: boolean;
  readonly clock: Clock;
  readonly ids: IdSource;
}): RecordEvent {
  if (!eventsOn) return async () => undefined;
  return ({ events }, tenant, content) =>
    events.append({ id: ids.entryId(), tenant, at: clock.now(), ...content });
}

/**
 * Receives an event; what it returns is awaited. When it resolves, the event is delivered. When it
 * throws, or takes longer than half a minute, the tenant's events are delivered from this one on at
 * the next call of {@link DeliverEvents}.
 */
export type EventHandler = (event: SamlEvent) => unknown;

/** What one call of {@link DeliverEvents} did. */
export interface EventsDelivered {
  /** Number of delivered events. */
  readonly delivered: number;
  /** Tenants whose next event the handler has not accepted. */
  readonly failed: readonly TenantId[];
}

/**
 * Delivers the waiting events of all tenants that no other process is delivering: each at least
 * once, those of one tenant in order, one at a time. Call it from a timer.
 *
 * @throws StorageUnavailableError
 */
export type DeliverEvents = (handler: EventHandler) => Promise<EventsDelivered>;

/** Longer than a handler may take with the statements around it, so that a claim outlives both. */
const LEASE_SECONDS = 90;
/** After as many events of a tenant it is the next tenant's turn. */
const MOST_OF_A_TENANT = 500;
const READ_TOGETHER = 50;

export function makeDeliverEvents({
  events,
  ids,
  logger,
  limitHandler,
}: {
  readonly events: EventOutbox;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** The work with a timeout. */
  readonly limitHandler: <T>(work: () => Promise<T>) => Promise<T>;
}): DeliverEvents {
  async function accepts(handler: EventHandler, event: SamlEvent): Promise<boolean> {
    try {
      await limitHandler(async () => handler(event));
      return true;
    } catch (error) {
      const { id, tenant, type } = event;
      logger.error({
        event: "saml.events.not-accepted",
        id,
        tenant,
        type,
        // The handler is the host's, and what it throws is for the host's developers.
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return false;
    }
  }

  /** Delivers the next events of a claimed tenant. */
  async function deliverNext(
    handler: EventHandler,
    tenant: TenantId,
    holder: string,
  ): Promise<{ readonly delivered: number; readonly end?: "failed" | "claim-lost" | "empty" }> {
    const next = await events.waiting(tenant, READ_TOGETHER);
    let delivered = 0;
    for (const { event, position } of next) {
      if (!(await accepts(handler, event))) return { delivered, end: "failed" };
      if (!(await events.delivered(tenant, holder, position, LEASE_SECONDS))) {
        return { delivered, end: "claim-lost" };
      }
      delivered += 1;
    }
    return next.length < READ_TOGETHER ? { delivered, end: "empty" } : { delivered };
  }

  return async (handler) => {
    const failed: TenantId[] = [];
    let total = 0;
    let tenant = await events.nextTenant(undefined);
    for (; tenant !== undefined; tenant = await events.nextTenant(tenant)) {
      const holder = ids.entryId();
      if (!(await events.claim(tenant, holder, LEASE_SECONDS))) continue;
      for (let ofTenant = 0; ofTenant < MOST_OF_A_TENANT; ) {
        const { delivered, end } = await deliverNext(handler, tenant, holder);
        ofTenant += delivered;
        total += delivered;
        if (end === "failed") failed.push(tenant);
        if (end !== undefined) break;
      }
      await events.release(tenant, holder);
    }
    return { delivered: total, failed };
  };
}
