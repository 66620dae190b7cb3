import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createProofBuilder } from "../../src/log/append/build-proof.ts";
import { formatCheckpoint } from "../../src/log/append/checkpoint.ts";
import { createGrowingTree } from "../../src/log/append/growing-tree.ts";
import { openTileFiles } from "../../src/log/append/tile-files.ts";
import { hashEntry } from "../../src/log/verify/merkle-proof.ts";
import { checkSignature, parseNote, parseVerifierKey } from "../../src/log/verify/signed-note.ts";
import { verifyLog } from "../../src/log/verify/verify-log.ts";
import { postCheckpoint } from "../../src/log/witness/ask-witness.ts";
import { createCosigner } from "../../src/log/witness/create-cosigner.ts";
import { recallWitness } from "../../src/log/witness/recall-witness.ts";
import { spawnWitness } from "../../src/log/witness/spawn-witness.ts";
import { startWitness } from "../../src/log/witness/start-witness.ts";
import { createBench, grant, makeHome, refuse, requests, setUp } from "../broker/fakes/bench.ts";
import { openKey } from "./fakes.ts";

function makeFolder(): string {
  const folder = makeHome();
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A log with a tree of any size, and another history of the same length from entry `forkAt` on. */
function makeLog(forkAt = Number.POSITIVE_INFINITY) {
  const folder = makeFolder();
  const key = openKey(join(folder, "log.key"), "log");
  const tree = createGrowingTree();
  const files = openTileFiles(folder);
  const heads = new Map<number, string>();
  const sign = (): void => {
    const text = formatCheckpoint({ origin: key.name, size: tree.size, root: tree.root() });
    heads.set(tree.size, `${text}\n${key.signLine(text)}`);
  };
  sign();
  for (let n = 0; n < 40; n++) {
    tree.append(hashEntry(Buffer.from(n >= forkAt ? `forked ${n}` : `entry ${n}`)));
    for (const tile of tree.takeChanged()) files.writeTile(tile);
    sign();
  }
  return {
    key,
    checkpoint: (size: number) => heads.get(size) ?? "",
    request(oldSize: number, size: number): string {
      const proof = createProofBuilder(files, size).consistency(oldSize);
      const lines = proof.map((hash) => Buffer.from(hash).toString("base64"));
      return [`old ${oldSize}`, ...lines, "", heads.get(size)].join("\n");
    },
  };
}

async function openServer(logs: readonly string[], folder = makeFolder()) {
  const options = { folder, logs, now: () => 1_679_315_147_000 };
  const server = await startWitness({ ...options, place: { host: "127.0.0.1", port: 0 } });
  onTestFinished(() => server.close().catch(() => undefined));
  return { server, folder, post: (body: string) => postCheckpoint({ url: server.url }, body) };
}

describe("the witness, as tlog-witness asks", () => {
  it("cosigns what follows, with its key and the time, and remembers it", async () => {
    const log = makeLog();
    const { server, post } = await openServer([log.key.verifierKey]);
    for (const [oldSize, size] of [
      [0, 0],
      [0, 7],
      [7, 7],
      [7, 8],
      [8, 40],
    ] as const) {
      const reply = await post(log.request(oldSize, size));
      expect(reply?.status).toBe(200);
      const note = parseNote(log.checkpoint(size) + reply?.body);
      const key = parseVerifierKey(server.verifierKey);
      if (note === undefined || key === undefined) throw new Error("malformed");
      expect(checkSignature(note, key)).toEqual({ kind: "good", at: 1_679_315_147_000 });
    }
    expect(await post(log.request(0, 7))).toEqual({ status: 409, body: "40\n" });
  });

  it("refuses everything else with the status that the specification names", async () => {
    const log = makeLog();
    const fork = makeLog(5);
    const stranger = makeLog();
    const { post } = await openServer([log.key.verifierKey]);
    const status = async (body: string) => (await post(body))?.status;
    const resign = (text: string) => `${text}\n${log.key.signLine(text)}`;
    expect(await status(log.request(0, 10))).toBe(200);
    expect(await status(stranger.request(0, 10))).toBe(404);
    const forged = log.checkpoint(12).replace(/^(\u2014 \S+ .{20})./m, "$1A");
    expect(await status(`old 10\n\n${forged}`)).toBe(403);
    expect(await status(`old 12\n\n${log.checkpoint(10)}`)).toBe(400);
    expect(await status("nonsense")).toBe(400);
    expect(await status(log.request(10, 12).replace("old 10", "old 010"))).toBe(400);
    const lines = Array.from({ length: 64 }, () => `${"A".repeat(43)}=\n`).join("");
    expect(await status(`old 10\n${lines}\n${log.checkpoint(12)}`)).toBe(400);
    expect(await status(log.request(9, 12))).toBe(409);
    expect(await status(`old 10\n\n${log.checkpoint(12)}`)).toBe(422);
    // The log's own key signs another history: of the same size, and of a greater one.
    const other = (size: number) =>
      resign(
        fork
          .checkpoint(size)
          .split("\n")
          .slice(0, 3)
          .join("\n")
          .replace(/^.*/, log.key.name)
          .concat("\n"),
      );
    expect(await status(`old 10\n\n${other(10)}`)).toBe(409);
    expect(await status(fork.request(10, 12).replace(/\n\n[\s\S]*$/, `\n\n${other(12)}`))).toBe(
      422,
    );
    expect(await status(log.request(10, 12))).toBe(200);
  });

  it("keeps its memory and the first key of a log over restarts", async () => {
    const log = makeLog();
    const first = await openServer([log.key.verifierKey]);
    expect((await first.post(log.request(0, 10)))?.status).toBe(200);
    await first.server.close();
    const thief = openKey(join(makeFolder(), "log.key"), "log");
    const second = await openServer([thief.verifierKey], first.folder);
    expect(second.server.verifierKey).toBe(first.server.verifierKey);
    expect(await second.post(log.request(0, 5))).toEqual({ status: 409, body: "10\n" });
    expect(recallWitness(first.folder, log.key.name)).toMatchObject({
      logKey: log.key.verifierKey,
      seen: { size: 10 },
    });
  });

  it("never cosigns two histories, however many ask at once", async () => {
    const log = makeLog();
    const folder = makeFolder();
    const servers = await Promise.all([1, 2].map(() => openServer([log.key.verifierKey], folder)));
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, n) => servers[n % 2]?.post(log.request(0, (n % 20) + 1))),
    );
    const granted = replies.filter((reply) => reply?.status === 200);
    const { size } = recallWitness(folder, log.key.name)?.seen ?? {};
    expect(granted).toHaveLength(1);
    expect(replies.filter((reply) => reply?.body === `${size}\n`)).toHaveLength(39);
  });
});

describe("promise 18: the embedded witness is a process of its own", () => {
  it("with its own key; it sees a purchase before the provider does, and ends with its parent", async () => {
    const folder = makeFolder();
    const bench = createBench();
    let spawned: ReturnType<typeof spawnWitness> | undefined;
    const witness = (logKey: string) => {
      spawned = spawnWitness(folder, [logKey]);
      const own = spawned;
      return createCosigner(() => own.connect());
    };
    const broker = await bench.open({ witness });
    const { account, payment } = await setUp(broker);
    await grant(broker, requests.domain(account, payment));
    await broker.close();
    const key = await spawned?.connect();
    await spawned?.close();
    const { name } = openKey(join(bench.home, "log.key"), "log");
    const memory = recallWitness(folder, name);
    expect(memory?.verifierKey).toBe(key?.verifierKey);
    const trust = { logKey: memory?.logKey, witnessKey: memory?.verifierKey, seen: memory?.seen };
    expect(verifyLog(bench.home, trust)).toMatchObject({
      ok: true,
      unsealed: 0,
      checkpoint: { witness: { name: memory?.verifierKey.split("+")[0] } },
    });
    expect(await key?.addCheckpoint("")).toBeUndefined();
  });

  it("that cannot start lets nothing be bought", async () => {
    const bench = createBench();
    const broker = await bench.open({
      witness: () => {
        const spawned = spawnWitness("/dev/null/none", []);
        onTestFinished(() => spawned.close());
        return createCosigner(() => spawned.connect());
      },
    });
    expect(await refuse(broker, requests.account())).toBe("witness_unreachable");
    expect(bench.world.accounts).toHaveLength(0);
    await broker.close();
  });
});
