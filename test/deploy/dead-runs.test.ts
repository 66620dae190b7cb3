import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { clearStaleLocks, isLocked } from "../../src/deploy/clear-stale-locks.ts";
import { endOrphans, RUN_MARK } from "../../src/deploy/end-orphans.ts";
import { mendStateFiles } from "../../src/deploy/mend-state-files.ts";
import { listRunRecords, writeRunRecord } from "../../src/deploy/run-record.ts";
import { checkpointFile, lockFolder, type StackPlace } from "../../src/deploy/stack-place.ts";
import {
  addUnfinished,
  listUnfinished,
  settleUnfinished,
} from "../../src/deploy/unfinished-creates.ts";
import { isAlive, startedAt } from "../../src/util/process-identity.ts";
import { markProcess, type ProcessMark } from "../../src/util/process-mark.ts";

const root = mkdtempSync(join(tmpdir(), "supercargo-dead-"));
const place: StackPlace = { root, folder: root, project: "shop", stack: "local" };
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const DEAD: ProcessMark = { pid: 2 ** 22 + 1, startedAt: 0 };
const LOOP = "setInterval(() => {}, 1000)";

function start(env: Record<string, string> = {}, program = LOOP): ChildProcess {
  const child = spawn(process.execPath, ["-e", program], {
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  children.push(child);
  return child;
}

function lock(name: string, content: unknown): void {
  mkdirSync(lockFolder(place), { recursive: true });
  writeFileSync(join(lockFolder(place), `${name}.json`), JSON.stringify(content));
  writeFileSync(join(lockFolder(place), `${name}.json.attrs`), "{}");
}

describe("process identity", () => {
  it("tells a living process and about when it started", () => {
    expect(isAlive(process.pid)).toBe(true);
    const age = Date.now() - (startedAt(process.pid) ?? 0);
    expect(age).toBeGreaterThan(0);
    expect(age).toBeLessThan(3_600_000);
    for (const pid of [DEAD.pid, 0, -1, 1.5, Number.NaN]) expect(isAlive(pid)).toBe(false);
    expect(startedAt(DEAD.pid)).toBeUndefined();
  });
});

describe("clearStaleLocks", () => {
  afterEach(() => rmSync(lockFolder(place), { recursive: true, force: true }));
  const holder = { username: "me", hostname: hostname(), timestamp: new Date().toISOString() };

  it("removes the lock of a dead process of this host, with its side file", () => {
    lock("dead", { ...holder, pid: DEAD.pid });
    expect(clearStaleLocks(place)).toBe(1);
    expect(readdirSync(lockFolder(place))).toEqual([]);
    expect(isLocked(place)).toBe(false);
  });

  it("removes the lock whose process id belongs to a later process now", () => {
    lock("reused", { ...holder, pid: process.pid, timestamp: "2020-01-01T00:00:00Z" });
    expect(clearStaleLocks(place)).toBe(1);
  });

  it("leaves locks of the living, of other hosts and of unknown form", () => {
    lock("alive", { ...holder, pid: process.pid });
    lock("elsewhere", { ...holder, pid: DEAD.pid, hostname: "another-host" });
    lock("strange", ["?"]);
    expect(clearStaleLocks(place)).toBe(0);
    expect(isLocked(place)).toBe(true);
  });
});

describe("endOrphans", () => {
  const runId = "00000000-0000-4000-8000-000000000001";

  it("ends what is left of a run whose owner died, marked processes only", async () => {
    const orphan = start({ [RUN_MARK]: runId });
    const stranger = start({ [RUN_MARK]: "another" });
    await sleep(200);
    writeRunRecord(place, { runId, engine: DEAD, owner: DEAD });
    expect(await endOrphans(place)).toBe(1);
    await sleep(100);
    expect(orphan.signalCode).toBe("SIGKILL");
    expect(stranger.signalCode).toBeNull();
    expect(listRunRecords(place)).toEqual([]);
  });

  it("asks an engine that lost its owner to stop before it uses force", async () => {
    const program = `process.on("SIGINT", () => process.exit(7)); ${LOOP}`;
    const engine = start({ [RUN_MARK]: runId }, program);
    await sleep(300);
    writeRunRecord(place, { runId, engine: markProcess(engine.pid ?? 0), owner: DEAD });
    expect(await endOrphans(place)).toBe(0);
    expect(engine.exitCode).toBe(7);
  });

  it("leaves the run of a living owner alone", async () => {
    const engine = start({ [RUN_MARK]: runId });
    await sleep(200);
    const owner = markProcess(process.pid);
    writeRunRecord(place, { runId, engine: markProcess(engine.pid ?? 0), owner });
    expect(await endOrphans(place)).toBe(0);
    expect(engine.signalCode).toBeNull();
    expect(listRunRecords(place)).toHaveLength(1);
  });

  it("drops a damaged record", () => {
    writeFileSync(join(root, ".supercargo", "runs", "x.json"), "{");
    expect(listRunRecords(place)).toHaveLength(1);
    expect(existsSync(join(root, ".supercargo", "runs", "x.json"))).toBe(false);
  });
});

describe("mendStateFiles", () => {
  it("removes half-written side files and drafts, and nothing else", () => {
    const file = checkpointFile(place);
    mkdirSync(dirname(file), { recursive: true });
    const texts = {
      [file]: "{",
      [`${file}.bak`]: "{}",
      [`${file}.bak.attrs`]: "{}",
      [`${file}.attrs`]: "",
      [`${file}.18ead90b4e89827d.tmp`]: "{",
      [join(dirname(file), "prod.json.18ead90b4e89827d.tmp")]: "{",
    };
    for (const [path, text] of Object.entries(texts)) {
      writeFileSync(path, text);
      utimesSync(path, 1, 1);
    }
    const fresh = join(dirname(file), "local.json.18ead90b4e89827e.tmp");
    writeFileSync(fresh, "{");
    mendStateFiles(place);
    expect(readdirSync(dirname(file)).toSorted()).toEqual([
      "local.json",
      "local.json.18ead90b4e89827e.tmp",
      "local.json.bak",
      "local.json.bak.attrs",
      "prod.json.18ead90b4e89827d.tmp",
    ]);
  });
});

describe("unfinished creations", () => {
  it("are remembered over runs until they are settled", () => {
    expect(listUnfinished(place)).toEqual([]);
    addUnfinished(place, ["a", "b"]);
    addUnfinished(place, ["b", "c"]);
    expect(listUnfinished(place)).toEqual(["a", "b", "c"]);
    expect(listUnfinished({ ...place, stack: "prod" })).toEqual([]);
    settleUnfinished(place, ["a", "c", "x"]);
    expect(listUnfinished(place)).toEqual(["b"]);
  });
});
