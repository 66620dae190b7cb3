import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBroker } from "../../src/broker/broker.ts";
import type { LeaseInputs } from "../../src/broker/protocol.ts";
import { parseCatalog } from "../../src/catalog/parse-catalog.ts";
import { createQuote } from "../../src/operations/create-quote.ts";
import { logIn, type SandboxConnection } from "../../src/sandbox/connection.ts";
import { type SandboxHarness, startHarness } from "../orchestrators/sandbox-harness.ts";
import { grant, LIMITS, requests } from "./fakes/requests.ts";

const SNAPSHOT = readFileSync(join(import.meta.dirname, "../../src/catalog/snapshot.json"), "utf8");
/** The catalogue of a time when R2 was cheaper than it is at the sandbox. */
const FORMER = SNAPSHOT.replaceAll(
  "Standard storage: $0.015/GB-month",
  "Standard storage: $0.012/GB-month",
);

/** Ways by which the sandbox's R2 can be bought, and what the catalogue of them says of its price. */
const WAYS = ["stripe", "self", "stripe-projects", "stripe-provisioning"] as const;

describe.each(WAYS)(
  "promise 1: through %s nothing is bought dearer than it was approved",
  (word) => {
    let harness: SandboxHarness;
    let connection: SandboxConnection;
    let home: string;
    beforeAll(async () => {
      harness = await startHarness("idle");
      connection = logIn(harness.connection, "founder@example.com");
      home = mkdtempSync(join(tmpdir(), "sc-broker-"));
    });
    afterAll(async () => {
      await harness.close();
      rmSync(home, { recursive: true, force: true });
    });

    /** A broker that was started with this catalogue. */
    async function open(catalog: string) {
      const opened = await createBroker({
        ...{ home, connection, limits: LIMITS, permits: () => true },
        quoteService: createQuote(parseCatalog(catalog).catalog, ["cloudflare/workers:paid"]),
        timing: { absencePause: 20, pollFirst: 50 },
      });
      if (!opened.ok) throw new Error(opened.code);
      return opened.broker;
    }

    test("R2, after its price went up", async () => {
      expect(FORMER).not.toBe(SNAPSHOT);
      const broker = await open(FORMER);
      const account = await grant(broker, requests.account({ orchestrators: [word] }));
      const payment = await grant(broker, requests.payment(account.outputs.accountId));
      const bucket = (more: Partial<LeaseInputs["service-instance"]> = {}) =>
        requests.service(account.outputs.accountId, payment.id, more);
      const before = (await harness.books()).serviceInstances.length;
      expect(await broker.handle(bucket())).toMatchObject({ ok: false, code: "price_changed" });
      expect((await harness.books()).serviceInstances).toHaveLength(before);
      await broker.close();

      const approved = await open(SNAPSHOT);
      await grant(approved, bucket());
      expect((await harness.books()).serviceInstances).toHaveLength(before + 1);
      await approved.close();
    });
  },
);
