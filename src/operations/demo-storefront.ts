import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { suggestCommand } from "./suggest-command.ts";
import { runUp, type UpQuery, type UpResult } from "./up-project.ts";
import { visitApp } from "./visit-app.ts";
import type { Workplace } from "./workplace.ts";

/** The clone's own folder. */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROJECT = { path: "templates/storefront" } as const;
/** How long the receipt may take: the queue waits five seconds for more messages. */
const RECEIPT_TRIES = 40;
const RECEIPT_PAUSE_MS = 500;

/** An order as the shop answers it. */
export interface DemoOrder {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly cents: number;
  readonly status: string;
  readonly receipt: string | null;
}

export interface DemoResult extends UpResult {
  readonly order: DemoOrder;
}

export interface DemoQuery {
  readonly onPlan: UpQuery["onPlan"];
  /** Told when all is done; the shop answers until the promise settles or the workplace's signal comes. */
  readonly onReady: (result: DemoResult) => Promise<void>;
}

/**
 * Deploys the storefront template into the clone's sandbox, orders something in the shop over HTTP and reads the order back. What it started ends with it;
 * what it deployed stays on disk, so that a second demo has nothing to change.
 */
export async function demoStorefront(
  workplace: Workplace,
  { onPlan, onReady }: DemoQuery,
): Promise<Outcome<DemoResult>> {
  const here = { ...workplace, cwd: ROOT };
  const query = { ...PROJECT, onPlan, keepSandbox: false };
  const { outcome, sandbox } = await runUp(here, query);
  try {
    if (!outcome.ok) return outcome;
    const order = await orderSomething(here, outcome.data);
    if (typeof order === "string") {
      return refuse({ kind: "remote", code: "demo-failed", message: order });
    }
    const result: DemoResult = { ...outcome.data, order };
    await onReady(result);
    return succeed(result, {
      nextSteps: [
        `${suggestCommand("up", PROJECT)}       # again, and keep it running`,
        `${suggestCommand("status", PROJECT)}`,
        `${suggestCommand("destroy", PROJECT)}  # the domain stays`,
        "npx supercargo init --dir ../my-shop          # a project of your own",
      ],
    });
  } finally {
    await sandbox?.close();
  }
}

/** Orders and waits for the receipt. Answers with a sentence when something is not as it should be. */
async function orderSomething(
  workplace: Workplace,
  { urls }: UpResult,
): Promise<DemoOrder | string> {
  const shop = urls.find(({ local }) => local !== undefined)?.local;
  if (shop === undefined) return "the shop has no address";
  const form = { product: "compass", quantity: 2, email: "visitor@example.com" };
  workplace.progress.step(`ordering two compasses: POST ${new URL("/api/orders", shop)}`);
  const placed = await visitApp(String(new URL("/api/orders", shop)), {
    method: "POST",
    json: form,
  });
  if (placed.status !== 201) return `the shop answered the order with ${placed.status}`;
  const { link } = JSON.parse(placed.body) as { readonly link: string };
  workplace.progress.step("waiting for the receipt, which the queue's consumer writes");
  for (let attempt = 0; attempt < RECEIPT_TRIES; attempt++) {
    const read = await visitApp(String(new URL(link, shop)));
    if (read.status !== 200) return `the shop answered ${read.status} for the order`;
    const { order } = JSON.parse(read.body) as { readonly order: DemoOrder };
    if (order.receipt !== null || workplace.signal.aborted) return order;
    await sleep(RECEIPT_PAUSE_MS);
  }
  return "the order got no receipt";
}
