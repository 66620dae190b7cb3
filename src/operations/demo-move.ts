import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFolder } from "../deploy/machine-folders.ts";
import { createVisitors, type Visitors } from "./migrate/visitors.ts";
import { migrateProject, type PhaseState } from "./migrate-project.ts";
import { type OpenSandbox, openSandbox } from "./open-sandbox.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { runUp } from "./up-project.ts";
import { visitApp } from "./visit-app.ts";
import type { Workplace } from "./workplace.ts";

export interface MoveResult {
  readonly from: string;
  readonly to: string;
  readonly phases: readonly PhaseState[];
  /** Rows, objects and keys compared on both sides once nobody wrote any more, by resource. */
  readonly checked: Readonly<Record<string, number>>;
  /** Of visitors, during the whole migration. */
  readonly requests: number;
  readonly failed: number;
  /** The longest that one of them waited, and that names led nowhere, milliseconds. */
  readonly slowestMs: number;
  readonly heldMs: number;
  /** Orders, objects and keys whose writing was confirmed to a visitor, and how many of them are not there afterwards. */
  readonly written: number;
  readonly lost: number;
  /** What runs the app, before and after. */
  readonly before: string;
  readonly after: string;
  readonly seconds: number;
}

/** How much there is before the move. */
const FILL = { orders: 200, objects: 100, keys: 100 } as const;

/** The storefront, which also keeps notes in its bucket and in a key-value store, and says what runs it. */
const APP = `import shop from "./index.ts";

interface Environment {
  readonly MEDIA: { get(key: string): Promise<{ text(): Promise<string> } | null>; put(key: string, value: string): Promise<unknown> };
  readonly CARTS: { get(key: string): Promise<string | null>; put(key: string, value: string): Promise<void> };
}

export default {
  ...shop,
  async fetch(request: Request, env: never, context: never): Promise<Response> {
    const [, room, key = ""] = new URL(request.url).pathname.split("/");
    const { MEDIA, CARTS } = env as Environment;
    if (room === "where") return new Response(navigator.userAgent);
    if (room !== "objects" && room !== "keys") return shop.fetch(request, env, context);
    if (request.method === "PUT") {
      await (room === "objects" ? MEDIA : CARTS).put(key, await request.text());
      return new Response("kept");
    }
    const found = room === "objects" ? await (await MEDIA.get(key))?.text() : await CARTS.get(key);
    return typeof found === "string" ? new Response(found) : new Response("nothing", { status: 404 });
  },
};
`;

/**
 * Deploys the storefront on the sandbox's Cloudflare, fills it, and moves it to the container host while visitors go on ordering and writing. Fails unless everything
 * that was confirmed to a visitor is there afterwards and no request failed.
 */
export async function demoMove(workplace: Workplace): Promise<Outcome<MoveResult>> {
  const started = Date.now();
  const root = mkdtempSync(join(tmpdir(), "supercargo-move-"));
  let sandbox: OpenSandbox | undefined;
  let visitors: Visitors | undefined;
  try {
    writeProject(root);
    const opened = await openSandbox(root, { daemon: false });
    if ("ok" in opened) return opened;
    sandbox = opened;
    const here = { ...workplace, cwd: root };
    const { outcome } = await runUp(here, { keepSandbox: false });
    if (!outcome.ok) return outcome;
    const shop = outcome.data.urls.find(({ local }) => local !== undefined)?.local ?? "";
    const where = async () => (await visitApp(String(new URL("/where", shop)))).body;
    const before = await where();
    workplace.progress.step("filling the shop with orders, objects and keys");
    visitors = createVisitors(shop);
    const broken = await visitors.fill(FILL);
    if (broken !== undefined)
      return refuse({
        kind: "remote",
        code: "move-not-clean",
        message: `the shop could not be filled: ${broken}`,
      });
    visitors.start();
    const moved = await migrateProject(here, {
      ...{ to: "container", person: true, keepSandbox: false },
      confirm: async () => true,
    });
    const { requests, failed, firstFailure, slowestMs, written, lost } = await visitors.stop();
    if (!moved.ok) return moved;
    const { from, to, phases, checked, heldMs } = moved.data;
    const result: MoveResult = {
      ...{ from, to, phases, checked, requests, failed, slowestMs },
      ...{ heldMs: heldMs ?? 0, written, lost, before, after: await where() },
      seconds: Math.round((Date.now() - started) / 1000),
    };
    if (failed === 0 && lost === 0 && result.after !== before) return succeed(result);
    return refuse({
      kind: "remote",
      code: "move-not-clean",
      message: `${failed} of ${requests} requests failed${firstFailure === undefined ? "" : ` (${firstFailure})`}, and ${lost} of ${written} writes are not there; the app runs in ${result.after}`,
    });
  } finally {
    await visitors?.stop();
    await sandbox?.close();
    rmSync(root, { recursive: true, force: true });
  }
}

/** The storefront with a key-value store more. */
function writeProject(root: string): void {
  cpSync(join(packageFolder(), "templates/storefront"), root, { recursive: true });
  writeFileSync(join(root, "app/with-notes.ts"), APP);
  const file = join(root, "supercargo.yaml");
  const text = readFileSync(file, "utf8")
    .replace("  receipts:\n", "  carts:\n    kind: kv\n\n  receipts:\n")
    .replace("      MEDIA: media\n", "      MEDIA: media\n      CARTS: carts\n")
    .replace("    source: ./app\n", "    source: ./app\n    entry: with-notes.ts\n");
  writeFileSync(file, text);
}
