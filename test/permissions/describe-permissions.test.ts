import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SILENT_PROGRESS } from "../../src/index.ts";
import { rememberPermissions } from "../../src/operations/applied-permissions.ts";
import { compileSources } from "../../src/operations/compile-sources.ts";
import { describePermissions } from "../../src/operations/describe-permissions.ts";

const MANIFEST = `apiVersion: supercargo/v1
name: notes
principal: { email: founder@example.com }
agent: { id: build-bot }
provider: cloudflare
resources:
  notes: { kind: database }
`;

function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-permissions-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  write("supercargo.yaml", MANIFEST);
  const workplace = {
    ...{ cwd: folder, env: {}, progress: SILENT_PROGRESS },
    signal: new AbortController().signal,
  };
  return { workplace, write };
}

async function report(workplace: ReturnType<typeof makeProject>["workplace"]) {
  const outcome = await describePermissions(workplace, {});
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.data;
}

test("tells what is new since the stack was applied: who gained access, who lost it, and the tokens' rights", async () => {
  const { workplace, write } = makeProject();
  expect((await report(workplace)).changes).toBeNull();
  const compiled = await compileSources(workplace, {}, { emit: false });
  if ("ok" in compiled) throw new Error("the manifest is refused");
  rememberPermissions(compiled);
  expect((await report(workplace)).changes).toMatchObject({
    widened: [],
    narrowed: [],
    scopesAdded: [],
    scopesRemoved: [],
  });

  write("supercargo.yaml", MANIFEST.replace("kind: database", "kind: kv"));
  write(
    "guardrails.yaml",
    `apiVersion: supercargo/v1
permissions:
  - { effect: permit, subject: agent, verbs: [create-free, update, issue-token] }
  - { effect: permit, subject: ci, verbs: [delete], kinds: [kv] }
`,
  );
  const { changes } = await report(workplace);
  expect(changes?.scopesAdded).toEqual(["cloudflare: Workers KV Storage Write (account)"]);
  expect(changes?.scopesRemoved).toEqual(["cloudflare: D1 Write (account)"]);
  expect(changes?.widened.map(({ subject, verb, kinds }) => [subject, verb, kinds])).toEqual([
    ["ci", "delete", ["kv"]],
    ["ci", "delete", ["kv"]],
  ]);
  expect(changes?.narrowed).toContainEqual(
    expect.objectContaining({ subject: "agent", verb: "deploy", after: "denied" }),
  );
});

test("a record that is damaged is none", async () => {
  const { workplace, write } = makeProject();
  const compiled = await compileSources(workplace, {}, { emit: false });
  if ("ok" in compiled) throw new Error("the manifest is refused");
  rememberPermissions(compiled);
  write(".supercargo/permissions-notes-local.json", "{");
  expect((await report(workplace)).changes).toBeNull();
});
