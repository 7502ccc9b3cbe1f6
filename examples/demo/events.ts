import type { SamlEvent, SamlJit } from "../../src/mod.ts";
import { type Html, html } from "./html.ts";

/** How many events are shown. */
const MAX_EVENTS = 50;

/** The last events of the plugin, newest first. */
export type LastEvents = () => Promise<readonly SamlEvent[]>;

/**
 * Consumes the plugin's events, as a webhook or a queue would, into the memory of this process. An event
 * that comes twice is kept once.
 */
export function makeLastEvents({ saml }: { readonly saml: SamlJit }): LastEvents {
  const kept = new Map<string, SamlEvent>();
  return async () => {
    await saml.deliverEvents((event) => kept.set(event.id, event));
    const oldest = [...kept.keys()].slice(0, -MAX_EVENTS);
    for (const id of oldest) kept.delete(id);
    return [...kept.values()].reverse();
  };
}

/** What has happened, by the events of the plugin. */
export function eventsPage(events: readonly SamlEvent[]): Html {
  const rows = events.map(
    ({ at, type, data }) => html`
<tr><td>${new Date(at).toISOString()}</td><td>${type}</td><td><code>${JSON.stringify(data)}</code></td></tr>`,
  );
  return html`<h1>Events</h1>
<p class="soft">What the plugin has told this platform since it started, newest first: for webhooks, mails and queues.</p>
<section class="card"><table>
<thead><tr><th>Time</th><th>Type</th><th>Data</th></tr></thead>
<tbody>${rows}</tbody></table></section>`;
}
