import { createHmac } from "node:crypto";
import type { SamlEvent } from "koa-saml-jit";

/** Where a customer receives webhooks. */
export interface WebhookEndpoint {
  readonly url: string;
  /** `whsec_` and at least 24 random bytes in base64, which the customer knows, too. */
  readonly secret: string;
}

/**
 * Posts an event as https://www.standardwebhooks.com describes.
 *
 * @throws if the endpoint does not answer with 2xx within ten seconds: it gets the event again.
 */
export async function postWebhook(
  { url, secret }: WebhookEndpoint,
  event: SamlEvent,
): Promise<void> {
  const { id, type, at, data } = event;
  const body = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
  const seconds = String(Math.floor(Date.now() / 1000));
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": sign(secret, `${id}.${seconds}.${body}`),
    },
    body,
    redirect: "error",
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the endpoint answered ${response.status}`);
}

/** The signature of what a webhook says, over its ID and time as well. */
export function sign(secret: string, content: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  return `v1,${createHmac("sha256", key).update(content).digest("base64")}`;
}
