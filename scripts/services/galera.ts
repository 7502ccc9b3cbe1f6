import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { installTables, launchServer } from "./mariadb.ts";
import { dataFolder, freePort, isRoot, type Service } from "./service.ts";

/** Several MariaDB servers that are one database, each writable. */
export interface GaleraCluster {
  /** One URL a node: user `root`, no password, database `test`. */
  readonly urls: readonly string[];
  /** Ends all nodes and removes their files. */
  stop(): Promise<void>;
}

const PROVIDER = "/usr/lib/galera/libgalera_smm.so";

/** Starts `size` MariaDB nodes as one Galera cluster on loopback; the first one founds it. */
export async function startGalera(size = 2): Promise<GaleraCluster> {
  const nodes: Service[] = [];
  let founder: string | undefined;
  try {
    for (let number = 1; number <= size; number += 1) {
      const group = `127.0.0.1:${await freePort()}`;
      nodes.push(await startNode({ name: `node-${number}`, group, founder }));
      founder ??= group;
    }
  } catch (error) {
    await stopAll(nodes);
    throw error;
  }
  return { urls: nodes.map(({ url }) => url), stop: () => stopAll(nodes) };
}

async function startNode({
  name,
  group,
  founder,
}: {
  readonly name: string;
  /** Where this node talks to the others. */
  readonly group: string;
  /** The group address of a node that runs; none: this node founds the cluster. */
  readonly founder: string | undefined;
}): Promise<Service> {
  const folder = await dataFolder("galera");
  mkdirSync(`${folder}/data`);
  if (isRoot()) execFileSync("chown", ["-R", "mysql", folder]);
  // A node that joins gets the founder's files over its own; the server's tables are made once.
  if (founder === undefined) installTables(folder);
  const service = await launchServer(folder, [
    "--binlog-format=ROW",
    "--default-storage-engine=InnoDB",
    "--innodb-autoinc-lock-mode=2",
    "--innodb-flush-log-at-trx-commit=0", // the other node is what makes a commit durable
    "--wsrep-on=ON",
    `--wsrep-provider=${PROVIDER}`,
    "--wsrep-cluster-name=koa-saml-jit",
    `--wsrep-node-name=${name}`,
    `--wsrep-node-address=${group}`,
    "--wsrep-sst-method=rsync",
    `--wsrep-sst-receive-address=127.0.0.1:${await freePort()}`,
    `--wsrep-provider-options=gmcast.listen_addr=tcp://${group};ist.recv_addr=127.0.0.1:${await freePort()}`,
    ...(founder === undefined
      ? ["--wsrep-new-cluster", "--wsrep-cluster-address=gcomm://"]
      : [`--wsrep-cluster-address=gcomm://${founder}`]),
  ]);
  await ready(`${folder}/mariadb.sock`);
  return service;
}

/** A node listens before it takes statements. */
async function ready(socket: string): Promise<void> {
  const sql = "CREATE DATABASE IF NOT EXISTS test";
  const args = ["--no-defaults", `--socket=${socket}`, "-uroot", "-e", sql];
  for (let attempt = 1; ; attempt += 1) {
    try {
      execFileSync("mariadb", args, { stdio: "ignore" });
      return;
    } catch (error) {
      if (attempt > 300) throw error;
      await wait(100);
    }
  }
}

/** The one that joined last goes first: a node that is alone stops to take statements. */
async function stopAll(nodes: readonly Service[]): Promise<void> {
  for (const node of [...nodes].reverse()) await node.stop();
}
