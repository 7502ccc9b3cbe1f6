import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";

/** What the server says of a name: texts, or how it fails. */
export type Zone = Map<string, readonly string[] | "server-failure" | "silence">;

/** A DNS server on the loopback address that knows TXT records. */
export interface DnsServer {
  /** For `Resolver.setServers`. */
  readonly address: string;
  /** Names are lower case and end without a dot; of others there are none (NXDOMAIN). */
  readonly zone: Zone;
  /** The names that were asked for, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

const HEADER = 12;
const TXT = 16;
const [NO_ERROR, SERVER_FAILURE, NAME_ERROR] = [0, 2, 3];

/** Starts a server that answers one question a datagram (RFC 1035 section 4). */
export async function startDnsServer(): Promise<DnsServer> {
  const zone: Zone = new Map();
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, end } = questionOf(query);
    asked.push(name);
    const known = zone.get(name);
    if (known === "silence") return;
    const code =
      known === "server-failure" ? SERVER_FAILURE : known === undefined ? NAME_ERROR : NO_ERROR;
    const texts = typeof known === "object" ? known : [];
    const header = Buffer.from(query.subarray(0, HEADER));
    header.writeUInt16BE(0x8180 | (code ?? 0), 2);
    header.writeUInt16BE(texts.length, 6);
    header.fill(0, 8, HEADER);
    const answer = [header, query.subarray(HEADER, end), ...texts.map(recordOf)];
    socket.send(Buffer.concat(answer), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    zone,
    asked,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function questionOf(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 5 };
}

/** A record at the name of the question, its text in strings of at most 255 octets. */
function recordOf(text: string): Buffer {
  const octets = Buffer.from(text, "latin1");
  const strings: Buffer[] = [];
  for (let at = 0; at < octets.length; at += 200) {
    const part = octets.subarray(at, at + 200);
    strings.push(Buffer.from([part.length]), part);
  }
  const data = Buffer.concat(strings);
  const head = Buffer.alloc(HEADER);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(TXT, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
