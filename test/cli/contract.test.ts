import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMAND_TABLE } from "../../src/cli/command-table.ts";
import { EXIT_CODES } from "../../src/cli/exit-code.ts";
import { runCli } from "../support/run-cli.ts";
import { readEnvelope } from "./envelope-schema.ts";
import { FIXTURES } from "./transcript.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "supercargo-contract-"));
  cpSync(FIXTURES, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NAMES = Object.keys(COMMAND_TABLE);

/** One success and one failure of each command that needs no engine. */
const CASES: readonly (readonly [args: string, code: number, command: string])[] = [
  ["init minimal --dir fresh", EXIT_CODES.done, "init"],
  ["init minimal --dir good", EXIT_CODES.refused, "init"],
  ["init nothing", EXIT_CODES.usage, "init"],
  ["validate good", EXIT_CODES.done, "validate"],
  ["validate typo", EXIT_CODES.refused, "validate"],
  ["validate costly", EXIT_CODES.refused, "validate"],
  ["validate nowhere", EXIT_CODES.usage, "validate"],
  ["compile good", EXIT_CODES.done, "compile"],
  ["compile typo", EXIT_CODES.refused, "compile"],
  ["preview typo", EXIT_CODES.refused, "preview"],
  ["up typo", EXIT_CODES.refused, "up"],
  ["up --guardrails nowhere.yaml good", EXIT_CODES.usage, "up"],
  ["destroy typo", EXIT_CODES.refused, "destroy"],
  ["permissions good", EXIT_CODES.done, "permissions"],
  ["permissions typo", EXIT_CODES.refused, "permissions"],
  ["portability good", EXIT_CODES.done, "portability"],
  ["portability typo", EXIT_CODES.refused, "portability"],
  ["migrate good", EXIT_CODES.usage, "migrate"],
  ["migrate good --to nowhere", EXIT_CODES.usage, "migrate"],
  ["migrate good --to container --plan", EXIT_CODES.refused, "migrate"],
  ["migrate strict --stack prod --to container", EXIT_CODES.person, "migrate"],
  ["migrate movable --to container --plan", EXIT_CODES.done, "migrate"],
  ["status good", EXIT_CODES.done, "status"],
  ["status costly", EXIT_CODES.done, "status"],
  ["status typo", EXIT_CODES.refused, "status"],
  ["budget good", EXIT_CODES.done, "budget"],
  ["budget nowhere", EXIT_CODES.usage, "budget"],
  ["alerts good", EXIT_CODES.done, "alerts"],
  ["alerts --test good", EXIT_CODES.done, "alerts"],
  ["alerts --test watched", EXIT_CODES.remote, "alerts"],
  ["alerts nowhere", EXIT_CODES.usage, "alerts"],
  ["leases good", EXIT_CODES.done, "leases"],
  ["leases typo", EXIT_CODES.done, "leases"],
  ["leases nowhere", EXIT_CODES.usage, "leases"],
  ["revoke", EXIT_CODES.usage, "revoke"],
  ["revoke nothing/there good", EXIT_CODES.usage, "revoke"],
  ["rotate all costly", EXIT_CODES.refused, "rotate"],
  ["queue", EXIT_CODES.usage, "queue"],
  ["queue drop", EXIT_CODES.usage, "queue"],
  ["settle good", EXIT_CODES.done, "settle"],
  ["settle nothing good --happened", EXIT_CODES.usage, "settle"],
  ["settle nothing good --happened --ended", EXIT_CODES.usage, "settle"],
  ["claim", EXIT_CODES.usage, "claim"],
  ["claim shop/account good --output-file link", EXIT_CODES.usage, "claim"],
  ["dashboard", EXIT_CODES.usage, "dashboard"],
  ["dashboard shop/account good --output-file link", EXIT_CODES.usage, "dashboard"],
  ["move-account", EXIT_CODES.usage, "move-account"],
  ["move-account shop/account good", EXIT_CODES.usage, "move-account"],
  ["move-account shop/account typo --to self", EXIT_CODES.refused, "move-account"],
  ["freeze nowhere", EXIT_CODES.usage, "freeze"],
  ["unfreeze good", EXIT_CODES.person, "unfreeze"],
  ["log", EXIT_CODES.usage, "log"],
  ["log verify", EXIT_CODES.usage, "log"],
  ["log show --limit none", EXIT_CODES.usage, "log"],
  ["log witness --listen nowhere", EXIT_CODES.usage, "log"],
  ["log rewrite", EXIT_CODES.usage, "log"],
  ["sandbox", EXIT_CODES.done, "sandbox"],
  ["sandbox stop", EXIT_CODES.done, "sandbox"],
  ["sandbox books", EXIT_CODES.usage, "sandbox"],
  ["sandbox fly", EXIT_CODES.usage, "sandbox"],
  ["schema", EXIT_CODES.done, "schema"],
  ["schema --guardrails", EXIT_CODES.done, "schema"],
  ["demo --loud", EXIT_CODES.usage, "demo"],
  ["doctor extra", EXIT_CODES.usage, "doctor"],
  ["vlidate", EXIT_CODES.usage, ""],
  ["--help", EXIT_CODES.done, "help"],
  ["--version", EXIT_CODES.done, "version"],
];

describe("every answer to --json is one envelope with the right exit code", () => {
  test.each(CASES)("%s exits with %i", async (args, code, command) => {
    const run = await runCli([...args.split(" "), "--json"], { cwd: folder });
    const envelope = readEnvelope(run.stdout);
    expect(run.code, run.stderr).toBe(code);
    expect(envelope.ok).toBe(code === EXIT_CODES.done);
    expect(envelope.command).toBe(command);
  });

  test("each command has a case", () => {
    expect([...new Set(CASES.map(([, , command]) => command))]).toEqual(
      expect.arrayContaining(NAMES),
    );
  });
});

describe("help", () => {
  test.each(NAMES)("of %s is on standard output and names every option", async (name) => {
    const module = await COMMAND_TABLE[name]?.();
    const run = await runCli([name, "--help"], { cwd: folder });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(module?.default.name).toBe(name);
    for (const option of Object.keys(module?.default.options ?? {})) {
      expect(run.stdout).toContain(`--${option}`);
    }
  });

  test("the overview lists every command", async () => {
    const run = await runCli([], { cwd: folder });
    expect(run.code).toBe(0);
    for (const name of NAMES) expect(run.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });
});

describe("a bug", () => {
  test("is exit 70 with a short message, and shows its stack only with SUPERCARGO_DEBUG", async () => {
    const broken = { NODE_OPTIONS: `--import=${join(import.meta.dirname, "play-bug.mjs")}` };
    const plain = await runCli(["validate", "good"], { cwd: folder, env: broken });
    expect(plain.code).toBe(EXIT_CODES.bug);
    expect(plain.stderr).toContain("this is a bug in supercargo");
    expect(plain.stderr).not.toMatch(/^\s+at /m);
    const debug = { ...broken, SUPERCARGO_DEBUG: "1" };
    const loud = await runCli(["validate", "good", "--json"], { cwd: folder, env: debug });
    expect(loud.code).toBe(EXIT_CODES.bug);
    expect(readEnvelope(loud.stdout)).toMatchObject({ ok: false, error: { code: "bug" } });
    expect(loud.stderr).toMatch(/^\s+at /m);
  });
});

describe("the schema that the command prints", () => {
  test("is the one that init writes beside the manifest", async () => {
    const run = await runCli(["schema"], { cwd: folder });
    await runCli(["init", "minimal", "--dir", "schema"], { cwd: folder });
    const written = readFileSync(join(folder, "schema/supercargo.schema.json"), "utf8");
    expect(JSON.parse(run.stdout)).toEqual(JSON.parse(written));
  });
});
