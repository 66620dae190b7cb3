import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtEngineFolder } from "../../src/deploy/machine-folders.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { readSandboxFile } from "../../src/sandbox/sandbox-file.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { PROJECT_ROOT, runCli } from "../support/run-cli.ts";
import { ENCODINGS, findLeaks, readTree } from "./find-leaks.ts";

let project: Project;
let home: string;
let secrets: readonly string[];
/** Everything that people, agents, logs and backups get to see. */
let artefacts: Map<string, string>;

async function addFault(kind: string, path: string): Promise<void> {
  const { controlUrl, adminToken } =
    readSandboxFile(join(project.folder, ".supercargo/sandbox")) ?? {};
  const answer = await fetch(`${controlUrl}/sandbox/faults`, {
    method: "POST",
    headers: { "x-sandbox-admin": adminToken ?? "" },
    body: JSON.stringify({ match: { path }, kind, times: 20 }),
  });
  expect(answer.ok).toBe(true);
}

async function clearFaults(): Promise<void> {
  const { controlUrl, adminToken } =
    readSandboxFile(join(project.folder, ".supercargo/sandbox")) ?? {};
  await fetch(`${controlUrl}/sandbox/faults`, {
    method: "DELETE",
    headers: { "x-sandbox-admin": adminToken ?? "" },
  });
}

beforeAll(async () => {
  project = makeProject("storefront");
  home = mkdtempSync(join(tmpdir(), "supercargo-home-"));
  // A service whose credentials an app binds travels furthest: provider, broker, state, Worker.
  rmSync(join(project.folder, "guardrails.yaml"));
  const manifest = join(project.folder, "supercargo.yaml");
  const text = readFileSync(manifest, "utf8")
    .replace("SESSION_KEY: session-key", "SESSION_KEY: session-key\n      MAIL: mail")
    .replace(
      "  session-key:\n",
      "  mail: { kind: service, service: resend/email }\n\n  session-key:\n",
    );
  writeFileSync(manifest, text);

  const env = {
    HOME: home,
    PULUMI_HOME: join(home, ".pulumi"),
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
    XDG_DATA_HOME: process.env.XDG_DATA_HOME ?? join(homedir(), ".local/share"),
    SUPERCARGO_DEBUG: "1",
  };
  const outputs = new Map<string, string>();
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli(args, { cwd: project.folder, env });
    outputs.set(`output ${outputs.size} of ${args.join(" ")}`, stdout + stderr);
    return { code, stdout, stderr };
  };

  await run("sandbox", "start");
  // Failures first: each has the chance to print what it was holding.
  for (const [kind, path] of [
    ["malformed", "/provisioning/resources|/client/v4/accounts/[^/]+/tokens$"],
    ["status500", "/client/v4/accounts/[^/]+/workers/scripts"],
  ] as const) {
    await addFault(kind, path);
    expect((await run("up", "--json")).code, `${kind} ${path}`).toBe(4);
    await clearFaults();
  }
  const up = await run("up");
  expect(up.code, up.stdout + up.stderr).toBe(0);
  await run("up", "--json");
  await run("preview", "--json", "--out", "review");
  await run("status", "--json");
  await run("sandbox", "books", "--json");

  const stack = join(project.folder, "stacks/storefront");
  const engine = (...args: string[]) => {
    const bin = join(builtEngineFolder(thisMachine()), "bin");
    const path = `${bin}:${process.env.SUPERCARGO_ENGINE_BIN ?? bin}:${process.env.PATH}`;
    const text = execFileSync("pulumi", [...args, "--stack", "local"], {
      cwd: stack,
      env: { ...process.env, ...env, PATH: path },
      encoding: "utf8",
    });
    outputs.set(`pulumi ${args.join(" ")}`, text);
  };
  engine("preview", "--json", "--non-interactive");
  engine("preview", "--diff", "--non-interactive", "--save-plan", "plan.json");
  engine("stack", "export");
  engine("stack", "output", "--json");

  const minted = readFileSync(
    join(project.folder, ".supercargo/sandbox/minted-secrets.jsonl"),
    "utf8",
  );
  secrets = minted
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { value: string }).value);
  artefacts = new Map([
    ...outputs,
    // The sandbox's own folder is the vendors' side, and node_modules are links to what is installed.
    ...readTree(
      project.folder,
      (path) => path.startsWith(".supercargo/sandbox") || path.includes("node_modules"),
    ),
    ...readTree(home),
  ]);
}, 600_000);

afterAll(async () => {
  await project.remove();
  rmSync(home, { recursive: true, force: true });
});

describe("promise 14: no secret that a vendor handed out is to be found", () => {
  it("while the search finds one that is planted, in every encoding", () => {
    const state = [...artefacts.keys()].find((name) => name.includes("/pulumi/.pulumi/stacks/"));
    expect(state).toBeDefined();
    for (const [encoding, encode] of Object.entries(ENCODINGS)) {
      const planted = new Map([
        ["planted", `${artefacts.get(state ?? "")}${encode(secrets[0] ?? "")}`],
      ]);
      expect(findLeaks(planted, secrets), encoding).not.toEqual([]);
    }
    const file = join(home, "planted.log");
    appendFileSync(file, `token=${secrets.at(-1)}`);
    expect(findLeaks(readTree(home), secrets).map(({ where }) => where)).toContain(file);
    rmSync(file);
  });

  it("in state, backups, history, plan, previews, logs, errors, generated code, ledger or any output", () => {
    const names = [...artefacts.keys()].join("\n");
    for (const kind of [
      "stacks/",
      "history/",
      "backups/",
      "plan.json",
      "index.ts",
      "events.jsonl",
      "ledger.sqlite",
      "review.json",
      "output ",
    ]) {
      expect(names, `the search covers ${kind}`).toContain(kind);
    }
    expect(secrets.length).toBeGreaterThan(8);
    expect(findLeaks(artefacts, secrets)).toEqual([]);
    console.log(
      `${secrets.length} secrets x ${Object.keys(ENCODINGS).length} encodings in none of ${artefacts.size} artefacts`,
    );
  });

  it("and the repository's generated stacks hold none either", () => {
    expect(findLeaks(readTree(join(PROJECT_ROOT, "stacks")), secrets)).toEqual([]);
  });
});
