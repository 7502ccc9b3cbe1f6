import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { clearTimeout, setTimeout } from "node:timers";
import ipaddr from "ipaddr.js";
import { defined } from "../../domain/defined.ts";
import type { MetadataFailureCode } from "../../domain/metadata-refresh.ts";
import type {
  FetchedMetadata,
  FetchMetadata,
  MetadataRequest,
} from "../../ports/metadata-refresh.ts";

/** Maximum size of a document, in bytes. */
export const MAX_METADATA_BYTES: number = 2 * 1024 * 1024;
/** Maximum time for all of it: names, redirects, handshakes, bodies; in milliseconds. */
export const METADATA_TIMEOUT_MS = 10_000;
/** Maximum number of redirects. */
export const MAX_METADATA_REDIRECTS = 3;

/** What {@link makeGuardedFetch} reaches the network by; tests have their own. */
export interface GuardedFetchOptions {
  /** Every address of a host name. Default: the resolver of the system. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
  /** Where to connect to for a checked address. Default: there. */
  readonly connectTo?: (address: string, port: number) => { host: string; port: number };
  /** PEM certificates of the authorities to trust. Default: those of the runtime. */
  readonly ca?: string;
  /** Default: {@link METADATA_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
}

/**
 * Fetches metadata from the internet, and from nowhere else: the URL is an administrator's, and our
 * network is not theirs (server-side request forgery). Over https only; every address of every host
 * name has to be public; the connection goes to one of the addresses that were checked, whatever the
 * name resolves to by then. Sends no credentials and uses no proxy, because a proxy would resolve
 * the name again.
 */
export function makeGuardedFetch(options: GuardedFetchOptions = {}): FetchMetadata {
  const { timeoutMs = METADATA_TIMEOUT_MS } = options;
  return async (asked) => {
    const over = new AbortController();
    const timer = setTimeout(
      () => over.abort(new Failure("too-slow", `no complete answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    try {
      return await until(over.signal, follow(asked, options, over.signal));
    } catch (error) {
      if (error instanceof Failure) return { kind: "failed", ...error.failure };
      throw error;
    } finally {
      clearTimeout(timer);
      over.abort(); // closes whatever is open
    }
  };
}

class Failure extends Error {
  readonly failure: { readonly code: MetadataFailureCode; readonly detail: string };

  constructor(code: MetadataFailureCode, detail: string) {
    super(detail);
    this.failure = { code, detail };
  }
}

/** The work, or the reason of the abort: a name server that is silent cannot be aborted. */
function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

async function follow(
  asked: MetadataRequest,
  options: GuardedFetchOptions,
  signal: AbortSignal,
): Promise<FetchedMetadata> {
  let url = checkedUrl(asked.url, undefined);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await answerOf(url, asked, options, signal);
    const { statusCode = 0, headers } = answer;
    if (statusCode === 304 && (asked.etag ?? asked.lastModified) !== undefined) {
      return { kind: "not-modified" };
    }
    if (statusCode === 200) {
      const xml = await textOf(answer);
      const { etag, "last-modified": lastModified } = headers;
      return {
        kind: "metadata",
        xml,
        ...(isValidator(etag) ? { etag } : {}),
        ...(isValidator(lastModified) ? { lastModified } : {}),
      };
    }
    if (!REDIRECTS.has(statusCode) || headers.location === undefined) {
      throw new Failure("status-unexpected", `${url.host} answered with status ${statusCode}`);
    }
    if (redirects === MAX_METADATA_REDIRECTS) {
      throw new Failure("too-many-redirects", `more than ${MAX_METADATA_REDIRECTS} redirects`);
    }
    url = checkedUrl(headers.location, url);
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What we would store and send back. */
function isValidator(value: string | undefined): value is string {
  return value !== undefined && /^[\x20-\x7e]{1,256}$/.test(value);
}

function checkedUrl(text: string, base: URL | undefined): URL {
  if (!URL.canParse(text, base)) throw new Failure("url-refused", "this is not a URL");
  const url = new URL(text, base);
  const { protocol, username, password } = url;
  if (protocol !== "https:") {
    throw new Failure("url-refused", `metadata is fetched over https only, not ${protocol}`);
  }
  if (username !== "" || password !== "") {
    throw new Failure("url-refused", "the URL contains credentials");
  }
  return url;
}

/**
 * Whether anybody on the internet can reach an address, by the registries of IANA as ipaddr.js has
 * them. Addresses that embed another one (mapped, NAT64, 6to4, Teredo) are not: where they lead to is
 * not what they are. IPv6 has assigned 2000::/3 only; beyond it are forms such as `::7f00:1`.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== "unicast") return false;
  return address instanceof ipaddr.IPv4 || address.match(ASSIGNED_IPV6);
}

const ASSIGNED_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/** The addresses to connect to; refused if a single one is not public. */
async function checkedAddresses(
  { hostname }: URL,
  resolve: (hostname: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const literal = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  let addresses: readonly string[];
  try {
    addresses = ipaddr.isValid(literal) ? [literal] : await resolve(hostname);
  } catch {
    throw new Failure("not-reachable", `the name ${hostname} does not resolve`);
  }
  // The address is not named: it may be news about our network.
  if (!addresses.every(isPublicAddress)) {
    throw new Failure("url-refused", `${hostname} is not on the public internet`);
  }
  return addresses;
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}

/** The first answer of the checked addresses; another one is tried where none listens. */
async function answerOf(
  url: URL,
  asked: MetadataRequest,
  options: GuardedFetchOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const addresses = await checkedAddresses(url, options.resolve ?? resolveBySystem);
  let reason = "no address";
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    signal.throwIfAborted();
    try {
      return await answerFrom(address, url, asked, options, signal);
    } catch (error) {
      reason = codeOf(error);
    }
  }
  throw new Failure("not-reachable", `${url.host} cannot be reached: ${reason}`);
}

const MAX_ADDRESSES = 4;

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : "the connection failed";
}

function answerFrom(
  address: string,
  url: URL,
  { etag, lastModified }: MetadataRequest,
  { connectTo = (host, port) => ({ host, port }), ca }: GuardedFetchOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isLiteral = url.hostname.startsWith("[") || ipaddr.isValid(url.hostname);
  return new Promise((resolve, reject) => {
    const outgoing = request({
      // To this address, and to no other: nothing is resolved here.
      ...connectTo(address, url.port === "" ? 443 : Number(url.port)),
      // The certificate has to be that of the name, which TLS (SNI) and HTTP ask for.
      ...(isLiteral ? {} : { servername: url.hostname }),
      path: `${url.pathname}${url.search}`,
      headers: {
        Host: url.host,
        Accept: "application/samlmetadata+xml, application/xml;q=0.9, */*;q=0.1",
        "Accept-Encoding": "identity",
        "User-Agent": "koa-saml-jit",
        ...(etag === undefined ? {} : { "If-None-Match": etag }),
        ...(lastModified === undefined ? {} : { "If-Modified-Since": lastModified }),
      },
      // One of our own: the runtime's global one may use the proxy of the environment.
      agent: new Agent({ keepAlive: false }),
      ...defined({ ca }),
      signal,
    });
    outgoing
      .on("response", (answer) => {
        // Whatever is not read to its end is cut off, which is an error of the answer.
        answer.on("error", () => undefined);
        resolve(answer);
      })
      .on("error", reject)
      .end();
  });
}

/** The body, counted as it comes. Compressed ones are refused: they can grow a thousandfold. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const encoding = answer.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new Failure("encoding-unsupported", "the answer is compressed, which was not asked for");
  }
  if (Number(answer.headers["content-length"] ?? 0) > MAX_METADATA_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      const bytes: unknown = chunk;
      if (!(bytes instanceof Uint8Array)) continue;
      size += bytes.length;
      if (size > MAX_METADATA_BYTES) throw tooLarge();
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("not-reachable", "the connection broke off");
  }
  if (!answer.complete) throw new Failure("not-reachable", "the connection broke off");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new Failure("encoding-unsupported", "the document is not UTF-8");
  }
}

function tooLarge(): Failure {
  return new Failure("too-large", "the document has more than 2 MB");
}
