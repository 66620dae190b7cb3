import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Engine } from "../../src/deploy/engine.ts";
import {
  destroyStack,
  ensureStack,
  previewStack,
  refreshStack,
  upStack,
} from "../../src/deploy/run-engine.ts";
import { listRunRecords } from "../../src/deploy/run-record.ts";
import { checkpointFile, lockFolder } from "../../src/deploy/stack-place.ts";
import { SHIM_TEXT } from "../../src/resources/shim-text.ts";
import { killProcess } from "../support/kill-process.ts";
import { listProcesses } from "../support/list-processes.ts";
import { readEnvironment } from "../support/read-environment.ts";
import { engineForTests, makeEngineProject } from "./engine-project.ts";
import { CANARIES, type FakeBroker, startFakeBroker } from "./fake-broker.ts";

const engine = await engineForTests();

const PROGRAM = `
import * as supercargo from "supercargo/resources";
if (process.env.TRY_THROW !== undefined) throw new Error(process.env.TRY_THROW);
const account = new supercargo.Account("account", {
  provider: "cloudflare",
  orchestrators: ["stripe"],
  principal: "founder@example.com",
  agent: "build-bot",
});
new supercargo.PaymentToken("payment", {
  provider: "cloudflare",
  account: account.accountId,
  issuers: ["stripe"],
  cap: "60.00 USD",
});
export const id = account.accountId;
`;

describe.skipIf(engine === undefined)(
  "runs of the engine",
  () => {
    const project = makeEngineProject("shop");
    const { place } = project;
    let broker: FakeBroker;
    beforeAll(async () => {
      broker = await startFakeBroker();
      project.write(PROGRAM);
      expect(await ensureStack(run())).toMatchObject({ ok: true });
    });
    beforeEach(() => {
      broker.requests.length = 0;
      broker.answer = () => undefined;
    });
    afterAll(async () => {
      await broker.close();
      project.remove();
    });

    const run = (env: Readonly<Record<string, string>> = {}) =>
      project.run(engine as Engine, { ...broker.env, ...env });
    const marked = (pattern: RegExp) =>
      listProcesses().filter(
        ({ pid, command }) => pattern.test(command) && readEnvironment(pid).includes(place.root),
      );
    const leftovers = () => marked(/dynamic-provider|pulumi-language-nodejs|\/pulumi (up|destroy)/);

    it("refuses to run a stack that does not exist, and one with an unsafe switch set", async () => {
      const missing = { ...run(), place: { ...place, stack: "prod" } };
      expect(await previewStack(missing)).toMatchObject({
        ok: false,
        error: { code: "stack-missing", detail: "prod" },
      });
      const { machine } = project;
      const unsafe = {
        ...run(),
        machine: { ...machine, env: { ...machine.env, PULUMI_SKIP_CHECKPOINTS: "true" } },
      };
      for (const act of [previewStack, upStack, destroyStack, refreshStack, ensureStack]) {
        expect(await act({ ...unsafe, place: { ...place, stack: "other" } })).toMatchObject({
          ok: false,
          error: { code: "unsafe-switch", detail: "PULUMI_SKIP_CHECKPOINTS" },
        });
      }
    });

    it("reports a program that fails without its words", async () => {
      const preview = await previewStack(run({ TRY_THROW: CANARIES.text }));
      expect(preview).toMatchObject({ ok: false, error: { code: "program-failed" } });
      expect(JSON.stringify(preview)).not.toContain(CANARIES.text);
    });

    it("goes on after the engine was killed in the middle of a creation", async () => {
      broker.answer = async ({ kind }) => {
        if (kind !== "payment-token") return undefined;
        for (const { pid } of marked(/\/pulumi up /)) killProcess(pid);
        return sleep(1_000).then(() => undefined);
      };
      expect(await upStack(run())).toMatchObject({ ok: false, error: { code: "engine-crashed" } });
      expect(leftovers()).toEqual([]);
      broker.answer = () => undefined;
      broker.requests.length = 0;
      const up = await upStack(run());
      expect(up).toMatchObject({ ok: true, unfinished: [], outputs: { id: "account-1" } });
      expect(broker.requests).toMatchObject([{ verb: "create", kind: "payment-token" }]);
      expect(
        JSON.parse(readFileSync(checkpointFile(place), "utf8")).checkpoint.latest,
      ).not.toHaveProperty("pending_operations");
    });

    it("ends the engine of an owner that was killed, and goes on", async () => {
      await destroyStack(run());
      let owner = 0;
      const asked = new Promise<void>((resolve) => {
        broker.answer = ({ kind }) => {
          if (kind !== "payment-token") return undefined;
          resolve();
          return sleep(3_000).then(() => ({ ok: false, code: "internal", message: "" }));
        };
      });
      const program = `
      import { upStack } from ${JSON.stringify(join(import.meta.dirname, "../../src/deploy/run-engine.ts"))};
      await upStack(JSON.parse(process.argv[1]));`;
      const child = spawn(
        process.execPath,
        ["--input-type=module", "-e", program, JSON.stringify(run())],
        { stdio: "ignore" },
      );
      owner = child.pid ?? 0;
      await asked;
      process.kill(owner, "SIGKILL");
      await sleep(100);
      expect(listRunRecords(place)).toHaveLength(1);
      broker.answer = () => undefined;
      expect(await upStack(run())).toMatchObject({ ok: true, unfinished: [] });
      expect(leftovers()).toEqual([]);
      expect(listRunRecords(place)).toEqual([]);
    });

    it("interrupts once, lets the engine finish what it has begun, and keeps that", async () => {
      await destroyStack(run());
      const abort = new AbortController();
      broker.answer = ({ kind, verb }) => {
        if (kind !== "account" || verb !== "create") return undefined;
        abort.abort();
        return sleep(1_000).then(() => undefined);
      };
      const stopped = await upStack({ ...run(), signal: abort.signal });
      expect(stopped).toMatchObject({ ok: false, error: { code: "interrupted" } });
      expect(leftovers()).toEqual([]);
      broker.answer = () => undefined;
      broker.requests.length = 0;
      expect(await upStack(run())).toMatchObject({ ok: true });
      expect(broker.requests).toMatchObject([{ verb: "create", kind: "payment-token" }]);
    });

    it("respects the lock of a living process and clears that of a dead one", async () => {
      const lock = { username: "me", hostname: hostname(), timestamp: new Date().toISOString() };
      const write = (pid: number): void => {
        mkdirSync(lockFolder(place), { recursive: true });
        writeFileSync(join(lockFolder(place), "held.json"), JSON.stringify({ ...lock, pid }));
      };
      write(process.pid);
      expect(await upStack(run())).toMatchObject({
        ok: false,
        error: { code: "stack-locked", detail: `process ${process.pid}` },
      });
      write(2 ** 22 + 1);
      expect(await upStack(run())).toMatchObject({ ok: true });
    });

    it("never starts the engine on a state whose provider code was changed", async () => {
      const path = checkpointFile(place);
      const good = readFileSync(path, "utf8");
      const evil = JSON.stringify(`require("fs").writeFileSync("${place.root}/evil", "");`).slice(
        1,
        -1,
      );
      const shim = JSON.stringify(SHIM_TEXT).slice(1, -1);
      expect(good).toContain(shim);
      for (const text of [good.replace(shim, evil + shim), good.replaceAll(shim, evil)]) {
        writeFileSync(path, text);
        for (const act of [previewStack, upStack, destroyStack, refreshStack]) {
          expect(await act(run())).toMatchObject({ ok: false, error: { code: "state-tampered" } });
        }
        expect(readFileSync(path, "utf8")).toBe(text);
      }
      writeFileSync(path, good);
      expect(() => readFileSync(join(place.root, "evil"))).toThrow("ENOENT");
      expect(broker.requests).toEqual([]);
    });

    it("says so when the state cannot be read or was encrypted elsewhere", async () => {
      const other = {
        ...run(),
        machine: {
          ...project.machine,
          env: { ...project.machine.env, PULUMI_CONFIG_PASSPHRASE: "another" },
        },
      };
      expect(await previewStack(other)).toMatchObject({
        ok: false,
        error: { code: "passphrase-wrong" },
      });
      const path = checkpointFile(place);
      const good = readFileSync(path, "utf8");
      writeFileSync(path, good.slice(0, 200));
      expect(await previewStack(run())).toMatchObject({
        ok: false,
        error: { code: "state-unreadable" },
      });
      writeFileSync(path, good);
    });
  },
  300_000,
);
