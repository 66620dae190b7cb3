import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import {
  findObjectStore,
  type ObjectStore,
  startObjectStore,
} from "../support/start-object-store.ts";
import { type PostgresServer, startPostgres } from "../support/start-postgres.ts";
import { PLAIN, writeShop } from "./build-shop.ts";
import { startNode } from "./node-process.ts";
import { describeShop, type RunningShop } from "./shop-suite.ts";

const store = await findObjectStore();
const missing = "missing" in store ? store.missing : undefined;

interface Services {
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly objects: ObjectStore;
}

/** The bundle as a process of its own, with nothing installed beside it; each second is night. */
async function openShop(databaseOf: (services: Services) => string): Promise<RunningShop> {
  const folder = mkdtempSync(join(tmpdir(), "sc-shop-"));
  const postgres = await startPostgres({ fsync: false });
  const objects = await startObjectStore("program" in store ? store.program : "");
  const shop = await startNode(await writeShop("node", folder), {
    ...PLAIN,
    DB: databaseOf({ folder, postgres, objects }),
    MEDIA: await objects.makeBucket("media"),
    RECEIPTS: `${postgres.url}?queue=receipts`,
    SUPERCARGO_CONSUMES: "RECEIPTS",
    SUPERCARGO_CRONS: "* * * * * *",
  });
  return {
    visit: (path, init) => fetch(new URL(path, shop.url), init),
    runNightly: async () => undefined,
    async close() {
      expect(await shop.end("SIGTERM"), shop.errors()).toEqual({ code: 0, signal: null });
      expect(shop.errors()).toBe("");
      await postgres.remove();
      await objects.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describeShop({
  title: "Node with PostgreSQL and an S3-compatible store",
  missing,
  open: () => openShop(({ postgres }) => postgres.url),
});

describeShop({
  title: "Node with a SQLite file, a queue in PostgreSQL and an S3-compatible store",
  missing,
  open: () => openShop(({ folder }) => `file:${join(folder, "shop.sqlite")}`),
});
