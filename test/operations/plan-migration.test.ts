import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Journal, readJournal, writeJournal } from "../../src/migration/journal.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

let project: Project;
beforeEach(() => {
  project = makeProject("storefront");
});
afterEach(() => project.remove());

const home = () => join(project.folder, ".supercargo");
const CONTENT: Journal["content"] = {
  data: [
    { resource: "orders", kind: "database", app: "shop", variable: "DB" },
    { resource: "media", kind: "bucket", app: "shop", variable: "MEDIA" },
  ],
  ...{ queues: ["receipts"], unconsumed: [], apps: ["shop"], webs: ["shop"] },
};
const WAITS: Journal = {
  ...{ format: 2, project: "storefront", stack: "local", from: "cloudflare", to: "container" },
  ...{ phase: "retire", namesLeft: true, started: true, checked: { orders: 3, media: 1 } },
  content: CONTENT,
};

function edit(change: (text: string) => string): void {
  const file = join(project.folder, "supercargo.yaml");
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

/** The phase that comes next, or the code of a refusal. */
async function plan(...more: readonly string[]): Promise<string> {
  const args = ["migrate", "--to", "container", "--plan", "--json", ...more];
  const envelope = readEnvelope((await runCli(args, { cwd: project.folder })).stdout);
  if (!envelope.ok) return String((envelope.error as { readonly code: string }).code);
  const { phases } = envelope.data as {
    readonly phases: readonly { readonly phase: string; readonly state: string }[];
  };
  return phases.find(({ state }) => state === "next")?.phase ?? "none";
}

const leave = (text: string) => text.replace("local: {}", "local: { provider: container }");

it("retires the old place only where the manifest leads to the new one, and otherwise begins anew", async () => {
  writeJournal(home(), WAITS);
  // People went back meanwhile: what is at the old place now was never carried over, and what is at the new one would be overwritten.
  expect(await plan()).toBe("new-place-is-ahead");
  expect(await plan("--person")).toBe("create");
  writeJournal(home(), { ...WAITS, phase: "done" });
  expect(await plan()).toBe("new-place-is-ahead");
  writeJournal(home(), WAITS);
  edit(leave);
  expect(await plan()).toBe("retire");
});

it("is not gone on with for another project of the same folder", async () => {
  writeJournal(home(), { ...WAITS, project: "other" });
  expect(await plan()).toBe("create");
  expect(readJournal(home(), { project: "storefront", stack: "local" })).toBeUndefined();
});

it("begins anew until the names are left, and goes on from there with what was carried over alone", async () => {
  const switching: Journal = { ...WAITS, phase: "switch", started: false };
  writeJournal(home(), { ...switching, phase: "verify", namesLeft: false });
  expect(await plan()).toBe("create");
  writeJournal(home(), switching);
  expect(await plan()).toBe("switch");
  writeJournal(home(), { ...switching, content: { ...CONTENT, data: CONTENT.data.slice(1) } });
  expect(await plan()).toBe("manifest-changed");
});

it("refuses what would stay because it names its own provider", async () => {
  const docs = "  docs: { kind: site, source: ./app, provider: cloudflare }";
  edit((text) => text.replace("\nstacks:", `\n${docs}\n\nstacks:`));
  expect(await plan()).toBe("own-provider");
});

it.each([
  "ledger: { kind: database, provider: neon }",
  "ledger: { kind: service, service: neon/postgres }\n  plan: { kind: service, service: neon/free }",
])("leaves in its place what is a service of the catalogue: %s", async (line) => {
  edit((text) => text.replace("\nstacks:", `\n  ${line}\n\nstacks:`));
  expect(await plan()).toBe("create");
});
