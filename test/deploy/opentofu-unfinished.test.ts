import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { opentofuDriver } from "../../src/deploy/opentofu/run-opentofu.ts";
import type { EngineRun } from "../../src/deploy/run-engine.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { listUnfinished } from "../../src/deploy/unfinished-creates.ts";

let root: string;
let run: EngineRun;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "supercargo-unfinished-"));
  const folder = join(root, "stacks", "minimal");
  mkdirSync(join(folder, "opentofu"), { recursive: true });
  const tofu = join(root, "tofu");
  // Says what the test wrote down; the plan is no plan, as nothing reads it.
  writeFileSync(
    tofu,
    `#!/bin/sh
case "$1" in
  plan) mkdir -p .terraform; : > .terraform/plan ;;
  show) cat '${root}/plan.json' ;;
  apply) cp "$SUPERCARGO_UNFINISHED_FILE" '${root}/told.json'; cat '${root}/lines'; . '${root}/end' ;;
esac
`,
  );
  chmodSync(tofu, 0o755);
  const env = { XDG_CACHE_HOME: join(root, "cache"), XDG_DATA_HOME: join(root, "data") };
  run = {
    machine: thisMachine({ env: { ...process.env, ...env } }),
    engine: {
      ...{ id: "opentofu", command: tofu, version: "1.12.6", source: "built", folders: [] },
      cloudflarePlugin: "stand-in",
    },
    place: { root, folder, project: "minimal", stack: "local" },
    folder,
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const KV = "cloudflare_workers_kv_namespace";
const urn = (name: string) => `${KV}::${name}`;

/** Lines of `apply -json`: a resource and how far it came. */
type Line = readonly [name: string, type: "apply_start" | "apply_complete" | "apply_errored"];

/** Plans the creation of these and applies it. */
async function up(
  names: readonly string[],
  lines: readonly Line[],
  end: "exit 0" | "exit 1" | "kill -9 $$",
): Promise<unknown> {
  const inputs = (name: string) => ({ account_id: null, title: `minimal-local-${name}` });
  const plan = {
    format_version: "1.2",
    resource_changes: names.map((name) => ({
      ...{ address: `${KV}.${name}`, mode: "managed" },
      change: {
        ...{ actions: ["create"], before: null, after: inputs(name) },
        after_unknown: { id: true, account_id: true },
      },
    })),
    configuration: {
      root_module: {
        resources: names.map((name) => ({
          address: `${KV}.${name}`,
          expressions: { account_id: {}, title: {} },
        })),
      },
    },
  };
  writeFileSync(join(root, "plan.json"), JSON.stringify(plan));
  const said = lines.map(([name, type]) =>
    JSON.stringify({ type, hook: { resource: { addr: `${KV}.${name}` }, action: "create" } }),
  );
  writeFileSync(join(root, "lines"), `${said.join("\n")}\n`);
  writeFileSync(join(root, "end"), end);
  const result = await opentofuDriver.upStack(run);
  expect(result.ok).toBe(end === "exit 0");
  return JSON.parse(readFileSync(join(root, "told.json"), "utf8"));
}

test("after an orderly failure only what was begun and has no end may exist already", async () => {
  const told = await up(
    ["made", "refused", "silent", "never"],
    [
      ["made", "apply_start"],
      ["made", "apply_complete"],
      ["refused", "apply_start"],
      ["refused", "apply_errored"],
      ["silent", "apply_start"],
    ],
    "exit 1",
  );
  expect(told).toEqual([]);
  expect(listUnfinished(run.place)).toEqual([urn("silent")]);

  expect(await up(["refused", "silent", "never"], [], "exit 1")).toEqual([
    { type: KV, known: { title: "minimal-local-silent" } },
  ]);
  // It was not come to, so nothing new is known of it.
  expect(listUnfinished(run.place)).toEqual([urn("silent")]);
  await up(["refused", "silent", "never"], [], "exit 0");
  expect(listUnfinished(run.place)).toEqual([]);
});

test("what a failure or a death before left open stays open until it is there", async () => {
  await up(["visits", "more"], [["visits", "apply_start"]], "kill -9 $$");
  expect(listUnfinished(run.place)).toEqual([urn("more"), urn("visits")]);
  const lines: readonly Line[] = [
    ["more", "apply_start"],
    ["more", "apply_complete"],
    ["visits", "apply_start"],
    ["visits", "apply_errored"],
  ];
  expect(await up(["visits", "more"], lines, "exit 1")).toHaveLength(2);
  expect(listUnfinished(run.place)).toEqual([urn("visits")]);
});
