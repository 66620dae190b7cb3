import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCosigner } from "../../src/log/witness/create-cosigner.ts";
import { spawnWitness } from "../../src/log/witness/spawn-witness.ts";
import { createBenchAt, grant, requests, setUp } from "../broker/fakes/bench.ts";
import { createCosignerTo } from "../log/fakes.ts";
import { runCli, startCli } from "../support/run-cli.ts";
import { readEnvelope } from "./envelope-schema.ts";

const ACTOR = {
  subject: "agent:build-bot",
  agent: "build-bot",
  principal: "founder@example.com",
  manifest: "a".repeat(64),
  policy: "b".repeat(64),
};

let folder: string;
let state: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "supercargo-log-"));
  state = join(folder, "state");
  const home = join(folder, ".supercargo");
  const spawned: ReturnType<typeof spawnWitness>[] = [];
  const broker = await createBenchAt(home).open({
    actor: ACTOR,
    witness(logKey) {
      const own = spawnWitness(join(state, "supercargo", "witness"), [logKey]);
      spawned.push(own);
      return createCosigner(() => own.connect());
    },
  });
  await broker.beginRun("first");
  const { account, payment } = await setUp(broker);
  await grant(broker, requests.domain(account, payment));
  const dear = { domain: "dear.com", maxPrice: "99.00 USD" };
  await broker.freeze("all", "drill");
  await broker.handle(requests.domain(account, payment, dear, "dear"));
  await broker.close();
  for (const one of spawned) await one.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: string, cwd = folder) =>
  runCli(args.split(" "), { cwd, env: { XDG_STATE_HOME: state } });

/** A copy of the project, for those who want to spoil something. */
function copyProject(): string {
  const copy = mkdtempSync(join(folder, "copy-"));
  cpSync(join(folder, ".supercargo"), join(copy, ".supercargo"), { recursive: true });
  return copy;
}

describe("supercargo log", () => {
  test("tells what happened, who did it for whom, and how it ended", async () => {
    const { stdout, code } = await run("log");
    expect(code).toBe(0);
    const story = stdout.replace(/\d\d:\d\d:\d\d/g, "hh:mm:ss");
    expect(story).toContain("  build-bot for founder@example.com\n");
    expect(story).toContain(
      "hh:mm:ss  orders the domain example-shop.com from cloudflare for 10.44 USD",
    );
    expect(story).toContain(
      "hh:mm:ss  has bought the domain example-shop.com from cloudflare for 10.44 USD",
    );
    expect(story).toContain("hh:mm:ss  froze spending for everybody: drill");
    expect(story).toContain("hh:mm:ss  was denied dear.com for 10.44 USD: frozen");
  });

  test("gives programs the same, with the entries", async () => {
    const { data } = readEnvelope((await run("log show --json --limit 2")).stdout) as unknown as {
      data: { lines: Record<string, unknown>[]; entries: Record<string, unknown>[]; size: number };
    };
    expect(data.lines).toHaveLength(2);
    expect(data.lines[1]).toMatchObject({
      outcome: "refused",
      event: "act-denied",
      sequence: data.size - 1,
    });
    expect(data.entries[1]).toMatchObject({
      actor: { ...ACTOR, run: "first" },
      decision: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const later = readEnvelope((await run("log show --json --since 2100-01-01")).stdout);
    expect(later).toMatchObject({ ok: true, data: { lines: [] } });
  });
});

describe("supercargo log verify", () => {
  test("says what was checked, and who has seen it", async () => {
    const { stdout, stderr, code } = await run("log verify");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^\d+ entries are what they were .* the ledger's copy; its books add up$/m,
    );
    expect(stdout).toMatch(
      /^checkpoint: \d+ entries, root [0-9a-f]{64}, signed by supercargo.internal\/log\/\w+$/m,
    );
    expect(stdout).toMatch(
      /^witness: supercargo.internal\/witness\/\w+ has seen \d+ entries, and signed at /m,
    );
  });

  test("is red, with exit code 1 and SC6001, when a byte was changed", async () => {
    const copy = copyProject();
    const file = join(copy, ".supercargo/log/events.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace("10.44", "10.45"));
    const { code, stdout } = await run("log verify --json", copy);
    expect(code).toBe(1);
    const envelope = readEnvelope(stdout);
    expect(envelope).toMatchObject({ ok: false, error: { code: "log-changed" } });
    expect(envelope.diagnostics.map((one) => one.code)).toContain("SC6001");
    const told = await run("log verify", copy);
    expect(told.stderr).toContain(
      "SC6001: the log does not verify: the witness has seen other entries",
    );
  });

  test("is red when an amount in the ledger's books was changed", async () => {
    const copy = copyProject();
    const database = new DatabaseSync(join(copy, ".supercargo/ledger.sqlite"));
    database.exec("DROP TRIGGER moves_unchanging");
    database.exec("UPDATE moves SET taken = -1, given = 1 WHERE source = 'held'");
    database.close();
    const { code, stdout } = await run("log verify --json", copy);
    expect(code).toBe(1);
    expect(readEnvelope(stdout)).toMatchObject({ ok: false, error: { code: "books-changed" } });
    const told = await run("log verify", copy);
    expect(told.stderr).toContain("the ledger's books cannot be: of a hold a part was left");
  });

  test.each([
    ["are no rows any more", "UPDATE moves SET accounts = '[[\"x]]'", "books-changed"],
    ["are said to be of another version", "PRAGMA user_version = 6", "ledger-older"],
  ])("is red when rows of the ledger %s", async (_, sql, code) => {
    const copy = copyProject();
    const database = new DatabaseSync(join(copy, ".supercargo/ledger.sqlite"));
    database.exec("DROP TRIGGER moves_unchanging");
    database.exec(sql);
    database.close();
    const answer = await run("log verify --json", copy);
    expect(answer.code).not.toBe(0);
    expect(readEnvelope(answer.stdout)).toMatchObject({ ok: false, error: { code } });
  });

  test("is red when an older copy of the whole folder was put back", async () => {
    const copy = copyProject();
    const memory = mkdtempSync(join(folder, "memory-"));
    cpSync(state, memory, { recursive: true });
    const home = join(copy, ".supercargo");
    cpSync(home, join(copy, "backup"), { recursive: true });
    const spawned = spawnWitness(join(memory, "supercargo", "witness"), []);
    const broker = await createBenchAt(home).open({
      witness: () => createCosigner(() => spawned.connect()),
    });
    await broker.beginRun("later");
    await broker.close();
    await spawned.close();
    const here = { cwd: copy, env: { XDG_STATE_HOME: memory } };
    expect((await runCli(["log", "verify"], here)).code).toBe(0);
    rmSync(home, { recursive: true });
    cpSync(join(copy, "backup"), home, { recursive: true });
    const { code, stderr } = await runCli(["log", "verify"], here);
    expect(code).toBe(1);
    expect(stderr).toContain("the witness has seen more of the log than there is");
  });

  test("is red where no witness has met the log, unless its keys are named", async () => {
    const elsewhere = { cwd: folder, env: { XDG_STATE_HOME: join(folder, "nobody") } };
    const { code, stderr } = await runCli(["log", "verify"], elsewhere);
    expect(code).toBe(1);
    expect(stderr).toContain("no witness here has met it");
    const read = (path: string) => readFileSync(join(folder, path), "utf8").trim();
    const keys = [
      ...["--log-key", read(".supercargo/log/verifier-key")],
      ...["--witness-key", read("state/supercargo/witness/verifier-key")],
    ];
    expect((await runCli(["log", "verify", ...keys], elsewhere)).code).toBe(0);
  });
});

describe("supercargo log prove", () => {
  test.each(["example-shop.com", "address", "8"])(
    "gives a receipt for %s that holds offline",
    async (what) => {
      const proved = await run(`log prove ${what} --out ${what}.tlog-proof`);
      expect([proved.code, proved.stderr]).toEqual([0, ""]);
      const command = /log verify --proof .*/.exec(proved.stdout)?.[0] ?? "";
      const nowhere = { cwd: folder, env: { XDG_STATE_HOME: join(folder, "nobody") } };
      const checked = await runCli(command.split(" "), nowhere);
      expect(checked.code, checked.stderr).toBe(0);
      if (what !== "8") expect(checked.stdout).toContain("has bought the domain example-shop.com");
      const own = await run(`log verify --proof ${what}.tlog-proof --json`);
      expect(readEnvelope(own.stdout)).toMatchObject({ ok: true, data: { witnesses: [{}] } });
    },
  );

  test("gives the program that checks it, one file that needs Node alone", async () => {
    const out = "--out shop.tlog-proof --checker check-receipt.cjs";
    const proved = await run(`log prove example-shop.com ${out}`);
    expect([proved.code, proved.stderr]).toEqual([0, ""]);
    const command = /^ {2}node (check-receipt\.cjs .*)$/m.exec(proved.stdout)?.[1] ?? "";
    const elsewhere = mkdtempSync(join(tmpdir(), "supercargo-auditor-"));
    const files = ["check-receipt.cjs", "shop.tlog-proof"];
    for (const file of files) cpSync(join(folder, file), join(elsewhere, file));
    const check = () =>
      spawnSync(process.execPath, command.split(" "), {
        cwd: elsewhere,
        encoding: "utf8",
        env: {},
      });
    const checked = check();
    expect([checked.status, checked.stderr]).toEqual([0, ""]);
    expect(checked.stdout).toContain("example-shop.com");
    const text = readFileSync(join(elsewhere, "check-receipt.cjs"), "utf8");
    expect([...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(
      expect.arrayContaining(["node:crypto", "node:fs"]),
    );
    expect(text).not.toMatch(/require\("(?!node:)/);
    expect(text).not.toContain(process.cwd());
    const proof = join(elsewhere, "shop.tlog-proof");
    writeFileSync(proof, readFileSync(proof, "utf8").replace(/index \d+/, "index 2"));
    expect(check().status).toBe(1);
    rmSync(elsewhere, { recursive: true });
    expect((await run("log prove address --checker check.js")).code).toBe(2);
  });

  test("puts receipt and program into no file that is the other's or somebody else's", async () => {
    const place = mkdtempSync(join(folder, "prove-"));
    const at = (name: string) => join(place, name);
    const prove = async (...args: readonly string[]) => {
      const env = { XDG_STATE_HOME: state };
      const { stdout, code } = await runCli(["log", "prove", "address", "--json", ...args], {
        cwd: folder,
        env,
      });
      const envelope = readEnvelope(stdout);
      return [code, envelope.ok ? "done" : (envelope.error as { code: string }).code];
    };
    const both = (out: string, checker: string) =>
      prove("--out", at(out), "--checker", at(checker));
    expect(await both("one.cjs", "./one.cjs")).toEqual([2, "same-file"]);
    expect(readdirSync(place)).toEqual([]);
    expect(await both("a.tlog-proof", "check.cjs")).toEqual([0, "done"]);
    // The same program may stay; another file is not replaced, nor one behind a link.
    expect(await both("b.tlog-proof", "check.cjs")).toEqual([0, "done"]);
    symlinkSync(at("check.cjs"), at("link"));
    expect(await both("link", "check.cjs")).toEqual([2, "same-file"]);
    writeFileSync(at("own.cjs"), "mine");
    symlinkSync(at("own.cjs"), at("link.cjs"));
    symlinkSync(at("nothing.cjs"), at("loose.cjs"));
    mkdirSync(at("folder.cjs"));
    for (const name of ["own.cjs", "link.cjs", "loose.cjs", "folder.cjs"])
      expect([name, ...(await both("c.tlog-proof", name))]).toEqual([name, 2, "file-exists"]);
    for (const name of ["missing/c.tlog-proof", "folder.cjs", "own.cjs/c.tlog-proof"])
      expect([name, ...(await prove("--out", at(name)))]).toEqual([name, 2, "not-written"]);
    expect(await both("c.tlog-proof", "missing/check.cjs")).toEqual([2, "not-written"]);
    // A program that was there before stays.
    for (const name of ["new.cjs", "check.cjs"])
      expect(await both("missing/c.tlog-proof", name)).toEqual([2, "not-written"]);
    expect([existsSync(at("new.cjs")), existsSync(at("check.cjs"))]).toEqual([false, true]);
    expect(readFileSync(at("own.cjs"), "utf8")).toBe("mine");
    expect(existsSync(at("c.tlog-proof")) || existsSync(at("nothing.cjs"))).toBe(false);
    expect(readFileSync(at("a.tlog-proof"), "utf8")).toMatch(/^c2sp.org/);
  });

  test("tells commands that a shell takes as they are meant, and the program's place without `--out`, too", async () => {
    const env = { XDG_STATE_HOME: state };
    const prove = (...args: readonly string[]) =>
      runCli(["log", "prove", "address", ...args], { cwd: folder, env });
    const named = await prove("--out", "a b$(x).tlog-proof", "--checker", "it's.cjs");
    expect(named.stdout).toContain("--proof 'a b$(x).tlog-proof' --log-key");
    expect(named.stdout).toContain("node 'it'\\''s.cjs' 'a b$(x).tlog-proof' --log-key");
    const bare = await prove("--checker", "bare.cjs");
    expect(bare.stdout).toMatch(/^c2sp.org\/tlog-proof@v1\n/);
    expect(bare.stdout).not.toContain("bare.cjs");
    expect(bare.stderr).toContain("node bare.cjs RECEIPT-FILE --log-key ");
  });

  test("refuses what is not there, and a receipt that was changed", async () => {
    expect((await run("log prove nobody.com")).code).toBe(2);
    expect((await run("log prove")).code).toBe(2);
    expect((await run("log verify --proof nowhere.tlog-proof")).code).toBe(2);
    const receipt = (await run("log prove address")).stdout;
    expect(receipt).toMatch(/^c2sp.org\/tlog-proof@v1\nextra /);
    writeFileSync(join(folder, "bad.tlog-proof"), receipt.replace(/index \d+/, "index 2"));
    const { code, stderr } = await run("log verify --proof bad.tlog-proof");
    expect(code).toBe(1);
    expect(stderr).toContain("the receipt does not hold");
  });
});

describe("supercargo log witness", () => {
  test("cosigns for other machines until it is ended, and the guardrails name it", async () => {
    const copy = copyProject();
    const keys = readFileSync(join(copy, ".supercargo/log/verifier-key"), "utf8");
    writeFileSync(join(copy, "logs"), `# ours\n${keys}`);
    const args = "log witness --listen 127.0.0.1:0 --logs logs --folder team".split(" ");
    const { child, done } = startCli(args, { cwd: copy });
    const said = await new Promise<string>((resolve) => {
      let text = "";
      child.stderr?.on("data", (chunk: string) => {
        text += chunk;
        if (text.includes("  key: ") && text.endsWith("\n")) resolve(text);
      });
    });
    const terms = said.slice(said.indexOf("witness:\n"));
    const [, url = ""] = /url: (\S+)/.exec(terms) ?? [];
    const [, key = ""] = /key: (\S+)/.exec(terms) ?? [];
    writeFileSync(join(copy, "guardrails.yaml"), `apiVersion: supercargo/v1\n${terms}`);
    // The other witness has not seen the log yet, and its checkpoint lacks this one's signature.
    expect((await run("log verify", copy)).stderr).toContain("no good signature of the witness");
    const broker = await createBenchAt(join(copy, ".supercargo")).open({
      witness: () => createCosignerTo(url, key),
    });
    await broker.close();
    const { code, stdout } = await run("log verify", copy);
    expect([code, stdout.includes("has seen")]).toEqual([0, true]);
    child.kill("SIGTERM");
    await done;
    expect((await run("log verify", copy)).stderr).toContain("the witness was not asked");
  });
});
