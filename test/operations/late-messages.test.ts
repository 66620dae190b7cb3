import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { vendorName } from "../../src/adapters/vendors/vendor-name.ts";
import type { BrokerRequest } from "../../src/broker/protocol.ts";
import { engineError } from "../../src/deploy/engine-error.ts";
import { checkpointFile } from "../../src/deploy/stack-place.ts";
import { type Journal, writeJournal } from "../../src/migration/journal.ts";
import { openBrokerSession } from "../../src/operations/broker-session.ts";
import { type CompiledProject, compileSources } from "../../src/operations/compile-sources.ts";
import { migrateProject } from "../../src/operations/migrate-project.ts";
import { openSandbox } from "../../src/operations/open-sandbox.ts";
import { SILENT_PROGRESS } from "../../src/operations/progress.ts";
import type { Workplace } from "../../src/operations/workplace.ts";
import { makeProject, type Project } from "../support/make-project.ts";

/** What the engine would do, and what it was told to do. */
const engine = vi.hoisted(() => ({ plan: {} as object, applied: 0 }));
vi.mock("../../src/operations/plan-stack.ts", () => ({ planStack: async () => engine.plan }));
vi.mock("../../src/deploy/load-driver.ts", () => ({
  loadDriver: async () => ({
    readStack: async () => "absent",
    async upStack() {
      engine.applied += 1;
      return { ok: false, error: engineError("engine-failed") };
    },
  }),
}));

let project: Project;
let workplace: Workplace;
let send: () => Promise<void>;

/** A stack that moved and whose old queue waits, empty, to be removed by a person. */
beforeEach(async () => {
  engine.applied = 0;
  project = makeProject("storefront");
  const cwd = project.folder;
  const env = { ...process.env, XDG_STATE_HOME: join(cwd, "state") };
  workplace = { cwd, env, progress: SILENT_PROGRESS, signal: new AbortController().signal };
  const compiled = await compile();
  const { endpoint, value, account } = await openCloudflare(compiled);
  const call = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${value}`, "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const answer = await fetch(`${endpoint}/accounts/${account}/queues${path}`, init);
    expect(answer.status).toBeLessThan(300);
    return (await answer.json()) as { readonly result: { readonly queue_id: string } };
  };
  const made = await call("", { queue_name: vendorName(compiled.model, "receipts") });
  send = async () => void (await call(`/${made.result.queue_id}/messages`, { body: { order: 1 } }));
  const state = checkpointFile(placeOf(compiled));
  mkdirSync(dirname(state), { recursive: true });
  const queue = { urn: "old::receipts", type: "cloudflare:index/queue:Queue" };
  const resources = [{ ...queue, inputs: { accountId: account } }];
  writeFileSync(state, JSON.stringify({ checkpoint: { latest: { resources } } }));
  writeJournal(join(cwd, ".supercargo"), WAITS);
  const manifest = join(cwd, "supercargo.yaml");
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace("local: {}", "local: { provider: container }"));
  const moved = await compile();
  engine.plan = {
    ...{ review: {}, changes: 1, diagnostics: [], interrupted: false },
    compiled: { ...moved, lowered: [] },
    run: { engine: { id: "pulumi" }, place: placeOf(moved) },
    report: { steps: [{ ...queue, operation: "delete", name: "receipts" }], outputs: {} },
  };
});
afterEach(() => project.remove());

const WAITS: Journal = {
  ...{ format: 2, project: "storefront", stack: "local", from: "cloudflare", to: "container" },
  ...{ phase: "retire", namesLeft: true, started: true, checked: { orders: 3, media: 1 } },
  content: {
    data: [
      { resource: "orders", kind: "database", app: "shop", variable: "DB" },
      { resource: "media", kind: "bucket", app: "shop", variable: "MEDIA" },
    ],
    ...{ queues: ["receipts"], unconsumed: [], apps: ["shop"], webs: ["shop"] },
  },
};

async function compile(): Promise<CompiledProject> {
  const compiled = await compileSources(workplace, {}, { emit: false });
  if ("ok" in compiled) throw new Error(compiled.failure.message);
  return compiled;
}

function placeOf({ project: { root }, model }: CompiledProject) {
  const folder = `${root}/stacks/${model.name}`;
  return { root, folder, project: model.name, stack: model.stack };
}

/** An account with an access token of the stack, in a sandbox of its own. */
async function openCloudflare(compiled: CompiledProject) {
  const place = placeOf(compiled);
  const sandbox = await openSandbox(place.root, { daemon: true });
  if ("ok" in sandbox) throw new Error(sandbox.failure.message);
  const subject = "agent:build-bot";
  const session = await openBrokerSession(workplace, compiled, sandbox, { subject, place });
  if ("ok" in session) throw new Error(session.failure.message);
  const make = async (kind: string, inputs: object) => {
    const identity = { ...placeOf(compiled), resource: `cloudflare.${kind}` };
    const request = {
      verb: "create",
      kind,
      identity,
      inputs: { provider: "cloudflare", ...inputs },
    };
    const answer = await session.broker.handle(request as unknown as BrokerRequest);
    if (!answer.ok || "gone" in answer) throw new Error(JSON.stringify(answer));
    return answer.outputs as Readonly<Record<string, string>>;
  };
  try {
    const { accountId: account } = await make("account", {
      ...{ orchestrators: ["stripe"], agent: "build-bot", principal: "founder@example.com" },
    });
    const token = await make("access-token", {
      ...{ account, zones: [], ttlSeconds: 3600 },
      permissions: [{ group: "Queues Write", scope: "account" }],
    });
    return { endpoint: token.endpoint, value: token.value, account };
  } finally {
    await session.close();
  }
}

const retire = (confirm: () => Promise<void>) =>
  migrateProject(workplace, {
    ...{ to: "container", person: true },
    confirm: async () => {
      await confirm();
      return true;
    },
  });

test("a message that comes while a person reads what would go keeps the old queue from being removed", async () => {
  const outcome = await retire(send);
  expect(outcome).toMatchObject({ ok: false, failure: { code: "queue-not-empty" } });
  expect(engine.applied).toBe(0);
});

test("an old queue that stays empty is removed", async () => {
  await retire(async () => undefined);
  expect(engine.applied).toBe(1);
});
