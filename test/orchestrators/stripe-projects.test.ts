import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createAppOrchestrator } from "../../src/adapters/orchestrators/app/client.ts";
import type { AccountRequest, Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import { runCli as runProgram } from "../../src/adapters/orchestrators/run-cli.ts";
import { createStripeProjects } from "../../src/adapters/orchestrators/stripe-projects/client.ts";
import { holdFolder } from "../../src/adapters/orchestrators/stripe-projects/hold-folder.ts";
import stripeProjects from "../../src/adapters/orchestrators/stripe-projects/index.ts";
import { openOrchestrator } from "../../src/adapters/orchestrators/stripe-projects/open-orchestrator.ts";
import { readEnvelope } from "../../src/adapters/orchestrators/stripe-projects/read-envelope.ts";
import { runStripe } from "../../src/sandbox/stripe-cli/run-stripe.ts";
import { isAlive } from "../../src/util/process-identity.ts";
import { markProcess } from "../../src/util/process-mark.ts";
import { Secret } from "../../src/util/secret.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { startHarness } from "./sandbox-harness.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const RECORDED = join(import.meta.dirname, "../../../shared/specs/stripe-projects-cli");

/** The sandbox's CLI without a process of its own, which takes long to start. */
const run: typeof runProgram = async ({ folder, env, timeout }, [...args]) => {
  const ended = runStripe(args, folder, env);
  const late = sleep(timeout, undefined, { ref: false });
  const printed = await Promise.race([ended, late]);
  return printed === undefined
    ? { kind: "failure", failure: "timeout" }
    : { kind: "exit", ...printed };
};

/** A sandbox and folders; each person has a machine. */
async function openWorld() {
  const home = mkdtempSync(join(tmpdir(), "sc-stripe-"));
  const harness = await startHarness();
  const part = harness.connection.orchestrators["stripe-projects"];
  const calls: string[] = [];
  const counted: typeof run = (place, args) => {
    calls.push(args.join(" "));
    return run(place, args);
  };
  const open = (
    email: string,
    folder = email,
    more: Partial<Parameters<typeof createStripeProjects>[0]> = {},
  ): Orchestrator =>
    createStripeProjects({
      ...{ provider: "cloudflare", plan: "workers:free", email, now: Date.now },
      folder: join(home, folder),
      ...{ program: part.program, run: counted, termsAccepted: true },
      env: { ...part.env, SANDBOX_STRIPE_PERSON: email },
      ...more,
    });
  const lose = (how: "answer" | "request" | "silence" | "hang", command = "add") =>
    harness.fault(
      {
        ...{ answer: "status500-after", request: "status500" },
        ...{ silence: "drop-after", hang: "hang" },
      }[how],
      "POST",
      `/cli/${command}$`,
    );
  const accounts = async () => (await harness.books()).accounts;
  const resources = async () =>
    (await harness.books()).serviceInstances.filter(({ kind }) => kind !== "plan");
  const close = async () => {
    await harness.close();
    rmSync(home, { recursive: true });
  };
  return { home, harness, part, calls, open, lose, accounts, resources, close };
}

/** An account that came to be through another orchestrator. */
async function makeAccount(
  { connection }: Awaited<ReturnType<typeof startHarness>>,
  email: string,
): Promise<string> {
  const { account, signingSecret } = connection.identities.stripe;
  const providerUrl = connection.providers.cloudflare?.url ?? "";
  const other = createAppOrchestrator(
    { orchestrator: "stripe", orchestratorAccount: account, signingSecret, providerUrl },
    { fetch: (url, init) => fetch(url, init), now: Date.now },
  );
  const answer = await other.requestAccount({
    ...{ requestId: `areq ${email}`, email, name: "Shop" },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  return answer.kind === "connected" ? answer.credentials.accountId : answer.kind;
}

/** One orchestrator for the suite, which plays many persons: a call goes to the one whose request or credential it is. */
function joinPeople(open: (email: string, folder: string) => Orchestrator): Orchestrator {
  const byToken = new Map<string, Orchestrator>();
  const anybody = open("nobody@example.com", "nobody");
  const of = ({ accessToken }: { readonly accessToken: Secret }): Orchestrator =>
    byToken.get(accessToken.reveal()) ?? anybody;
  return {
    ...anybody,
    async requestAccount(request: AccountRequest) {
      const own = open(request.email, request.requestId);
      const answer = await own.requestAccount(request);
      if (answer.kind === "connected") byToken.set(answer.credentials.accessToken.reveal(), own);
      return answer;
    },
    createResource: (input) => of(input).createResource(input),
    presentPayment: (input) => of(input).presentPayment(input),
    readResource: (input) => of(input).readResource(input),
    rotateResource: (input) => of(input).rotateResource(input),
    removeResource: (input) => of(input).removeResource(input),
    listResources: async (input) =>
      (await of(input).listResources?.(input)) ?? { kind: "unknown", code: "" },
    endSession: async (input) => (await of(input).endSession?.(input)) ?? { kind: "ended" },
  };
}

testOrchestrator(
  "stripe-projects, against the sandbox's CLI",
  stripeProjects,
  async () => {
    const world = await openWorld();
    return {
      orchestrator: joinPeople((email, folder) => world.open(email, folder)),
      stranger: world.open("stranger@example.com", "stranger", {
        program: ["/no/such/stripe"],
        run: undefined,
      }),
      free: { service: "kv", config: { title: "sessions" } },
      paid: { service: "r2:bucket", config: { name: "media" } },
      makeAccount: (email) => makeAccount(world.harness, email),
      lose: (_, how) => world.lose(how),
      async consent(url, decision) {
        const state = new URL(url).searchParams.get("state") ?? "";
        await fetch(`${new URL(url).origin}/providers/cloudflare/authorize/confirm`, {
          method: "POST",
          redirect: "manual",
          body: new URLSearchParams({ state, decision }),
        });
      },
      count: async (what) =>
        (what === "accounts" ? await world.accounts() : await world.resources()).length,
      close: world.close,
    };
  },
  {
    "refreshes credentials; a refresh token is good for one use":
      "the CLI has no refresh token: a repeated request pulls the newest credential",
    "presents another payment token for a resource that exists, harmlessly again":
      "Stripe charges its own billing method, so a payment token is never sent",
    "sees an unknown resource as absent, and nothing without a credential":
      "the CLI's login is the credential, for every call alike",
    "exchanges a code for the account": "codes are exchanged inside the CLI",
  },
);

describe("the CLI", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());
  const email = "founder@example.com";
  const request = {
    ...{ requestId: "areq_1", email, name: "shop" },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const account = { accessToken: new Secret("unused-here"), service: "kv" };

  it.each([
    ["is too old", "--version", "stripe version 1.39.9", 0],
    ["lacks the plugin", "projects --version", "", 1],
    ["has an old plugin", "projects --version", "0.45.3", 0],
  ] as const)("that %s is not healthy", async (_, question, stdout, status) => {
    const old: typeof run = async (place, args) =>
      args.join(" ") === question ? { kind: "exit", status, stdout } : run(place, args);
    expect(await world.open(email, "old", { run: old }).isHealthy()).toBe(false);
  });

  it("that is not logged in is not healthy", async () => {
    const env = { ...world.part.env, SANDBOX_STRIPE_LOGIN: "nobody" };
    expect(await world.open(email, "out", { env }).isHealthy()).toBe(false);
  });

  it("is looked at without a folder, and nothing else is asked for then", async () => {
    const bare = world.open(email, "bare", { folder: undefined });
    expect(await bare.isHealthy()).toBe(true);
    expect(await bare.requestAccount(request)).toMatchObject({
      ...{ kind: "refused", code: "unreachable", unsent: true },
    });
    await world.open(email, "merely-opened").isHealthy();
    expect(existsSync(join(world.home, "merely-opened"))).toBe(false);
  });

  it("vouches for the person who is logged in and for nobody else", async () => {
    const other = { ...request, email: "other@example.com" };
    expect(await world.open(email).requestAccount(other)).toMatchObject({
      kind: "refused",
      code: "email_mismatch",
    });
  });

  it("that is new enough and logged in is healthy", async () => {
    expect(await world.open(email).isHealthy()).toBe(true);
  });

  it("accepts terms only when a person did", async () => {
    const careful = world.open("terms@example.com", "terms", { termsAccepted: false });
    const own = { ...request, email: "terms@example.com" };
    expect(await careful.requestAccount(own)).toMatchObject({
      ...{ kind: "refused", code: "terms_not_accepted" },
    });
    const accepted = world.open("terms@example.com", "terms");
    expect((await accepted.requestAccount(own)).kind).toBe("connected");
  });

  it("leaves a create open when it hangs or prints nothing, and finds it in the list", async () => {
    let hangs = false;
    const own = world.open("hang@example.com", "hang", {
      run(place, args) {
        const isFaulted = hangs && args.includes("add") && !args.includes("--preflight");
        return run(isFaulted ? { ...place, timeout: 5_000 } : place, args);
      },
    });
    const ownRequest = { ...request, email: "hang@example.com" };
    expect((await own.requestAccount(ownRequest)).kind).toBe("connected");
    const input = { ...account, config: { title: "x" } };
    for (const how of ["hang", "silence", "answer"] as const) {
      await world.lose(how);
      hangs = how === "hang";
      const named = { ...input, resourceId: `kv-${how}` };
      expect((await own.createResource(named)).kind).toBe("unknown");
      hangs = false;
      expect(await own.createResource(named)).toMatchObject({ kind: "complete", id: `kv-${how}` });
    }
    expect(await world.resources()).toHaveLength(3);
    await world.harness.endFaults();
  });

  it("marks a refusal that it raised before anything was bought: it says nothing about a lost purchase before", async () => {
    const spent: typeof run = async (place, args) => {
      const ended = await run(place, args);
      const isCheck = args.includes("--preflight") && args.includes("--confirm-paid-service");
      if (!isCheck) return ended;
      const error = { code: "SPEND_LIMIT_REACHED", message: "The limit is used up." };
      return { kind: "exit", status: 1, stdout: JSON.stringify({ ok: false, error }) };
    };
    const buyer = "buyer@example.com";
    const own = world.open(buyer, "buyer", { run: spent });
    expect((await own.requestAccount({ ...request, email: buyer })).kind).toBe("connected");
    const bought = await own.createResource({
      ...{ accessToken: new Secret("unused-here"), resourceId: "bucket-1", service: "r2:bucket" },
      ...{ config: { name: "media" }, paymentToken: new Secret("spt_1") },
    });
    expect(bought).toEqual({ kind: "refused", code: "spend_limit_reached", unsent: true });
  });

  it("gets no secret as an argument and no name that is none", async () => {
    const own = world.open(email, "arguments");
    const input = {
      accessToken: new Secret("unused-here"),
      resourceId: "x",
      service: "hyperdrive",
    };
    const before = world.calls.length;
    for (const config of [
      { password: "hunter2" },
      { private_key: "k" },
      { access_key: "k" },
      { dsn: "postgres://user:hunter2@host/db" },
      { name: "postgres://user:hunter2@host/db" },
      { setting_of_tomorrow: "x" },
    ] as Readonly<Record<string, string>>[])
      expect(await own.createResource({ ...input, config })).toMatchObject({
        kind: "refused",
        code: "configuration_not_showable",
      });
    expect(
      await own.createResource({ ...input, service: "kv; rm -rf /", config: {} }),
    ).toMatchObject({
      kind: "refused",
      code: "unknown_service",
    });
    expect(world.calls).toHaveLength(before);
  });

  it.each([
    ["account with control characters", "ACCOUNT_ID", "acct\\n\u001b[2Kall is well"],
    ["account with blanks", "ACCOUNT_ID", "acct of nobody"],
    ["account without end", "ACCOUNT_ID", "a".repeat(201)],
    ["token with a line break", "API_TOKEN", "token-of\\n-somebody"],
  ])("takes no %s from the file", async (_, variable, value) => {
    const name = `form-${variable}-${value.length}`.toLowerCase();
    const own = world.open(`${name}@example.com`, name, {
      async run(place, args) {
        const ended = await run(place, args);
        const file = join(place.folder, ".env");
        if (!args.includes("--pull")) return ended;
        const text = readFileSync(file, "utf8");
        const changed = text.replace(new RegExp(`(_${variable}=).*`), `$1"${value}"`);
        expect(changed).not.toBe(text);
        writeFileSync(file, changed);
        return ended;
      },
    });
    const answer = await own.requestAccount({ ...request, email: `${name}@example.com` });
    expect(answer).toEqual({ kind: "unknown", code: "malformed" });
  });

  it("leaves no credential in its folder", async () => {
    const own = world.open("tidy@example.com", "tidy");
    expect((await own.requestAccount({ ...request, email: "tidy@example.com" })).kind).toBe(
      "connected",
    );
    expect(readdirSync(join(world.home, "tidy", "project"))).toEqual([".projects"]);
  });

  it.each(["timeout", "silence"] as const)(
    "leaves no credential in its folder when the call that writes it ends in a %s",
    async (how) => {
      const name = `tidy-${how}`;
      const own = world.open(`${name}@example.com`, name, {
        async run(place, args) {
          const ended = await run(place, args);
          if (!args.includes("--pull")) return ended;
          expect(readdirSync(place.folder)).toContain(".env");
          return how === "timeout"
            ? { kind: "failure", failure: "timeout" }
            : { kind: "exit", status: 0, stdout: "" };
        },
      });
      const answer = await own.requestAccount({ ...request, email: `${name}@example.com` });
      expect(answer.kind).toBe("unknown");
      expect(readdirSync(join(world.home, name, "project"))).toEqual([".projects"]);
    },
  );

  it("removes what a killed process left in the folder as soon as it is opened, but nothing of one that lives", async () => {
    const left = join(world.home, "left", "project", ".env");
    mkdirSync(join(left, ".."), { recursive: true });
    writeFileSync(left, "SECRET=1");
    world.open(email, "left");
    await expect.poll(() => existsSync(left)).toBe(false);
    writeFileSync(left, "SECRET=1");
    const other = await holdFolder(join(world.home, "left"), { timeout: 90_000, patience: 0 });
    world.open(email, "left");
    await sleep(200);
    expect(existsSync(left)).toBe(true);
    other?.release();
  });

  it("makes nothing for a session with a known account", async () => {
    const own = world.open("known@example.com", "known");
    const asked = { ...request, email: "known@example.com" };
    const again = { ...asked, accountId: "0123" };
    expect((await own.requestAccount(again)).kind).toBe("unknown");
    const first = await own.requestAccount(asked);
    if (first.kind !== "connected") throw new Error(first.kind);
    const { accountId } = first.credentials;
    world.calls.length = 0;
    expect(await own.requestAccount({ ...asked, accountId })).toMatchObject({
      ...{ kind: "connected", credentials: { accountId } },
    });
    expect(await own.endSession?.(first.credentials)).toEqual({ kind: "ended" });
    expect(await own.requestAccount({ ...asked, accountId })).toMatchObject({
      ...{ kind: "refused", code: "account_not_found" },
    });
    expect(world.calls.filter((call) => /projects (init|add|link) /.test(call))).toEqual([]);
  });

  it("starts nothing in a folder that can't be used or tidied, and opens all the same", async () => {
    const asked = { ...request, email: "bad@example.com" };
    const refused = { kind: "refused", code: "unreachable", unsent: true };
    writeFileSync(join(world.home, "file"), "");
    world.calls.length = 0;
    const nowhere = world.open("bad@example.com", "file");
    expect(await nowhere.requestAccount(asked)).toEqual(refused);
    mkdirSync(join(world.home, "bad", "project", ".env", "x"), { recursive: true });
    const untidy = world.open("bad@example.com", "bad");
    expect(await untidy.requestAccount(asked)).toEqual(refused);
    expect(world.calls).toEqual([]);
    mkdirSync(join(world.home, "unwritten", `unfinished.${process.pid}`), { recursive: true });
    const unwritten = world.open("bad@example.com", "unwritten");
    expect(await unwritten.requestAccount(asked)).toEqual(refused);
    const begun = world.calls.filter((call) => call.startsWith("projects init"));
    expect(begun.filter((call) => !call.includes("--preflight"))).toEqual([]);
  });

  it("begins one project a folder, whatever the CLI says of it later", async () => {
    const own = world.open("once@example.com", "once");
    const asked = { ...request, email: "once@example.com" };
    await world.lose("silence", "init");
    expect((await own.requestAccount(asked)).kind).toBe("unknown");
    world.calls.length = 0;
    expect(await own.requestAccount(asked)).toEqual({ kind: "unknown", code: "project_missing" });
    rmSync(join(world.home, "once", "project"), { recursive: true });
    expect((await world.open("once@example.com", "once").requestAccount(asked)).kind).toBe(
      "unknown",
    );
    expect(world.calls.filter((call) => call.startsWith("projects init"))).toEqual([]);
    expect((await own.endSession?.({ accessToken: new Secret("unused-here") }))?.kind).toBe(
      "unknown",
    );
  });

  it("begins one project although two ask for it in the same folder at once", async () => {
    const asked = { ...request, email: "twice@example.com" };
    world.calls.length = 0;
    const both = [0, 1].map(() =>
      world.open("twice@example.com", "twice", { patience: 60_000 }).requestAccount(asked),
    );
    for (const { kind } of await Promise.all(both)) expect(kind).toBe("connected");
    const begun = world.calls.filter((call) => /projects (init|add) /.test(call));
    expect(begun.filter((call) => !call.includes("--preflight"))).toHaveLength(2);
  });

  it("leaves a project open whose beginning failed half-way", async () => {
    const broken: typeof run = async (place, args) =>
      args.includes("init") && !args.includes("--preflight")
        ? { kind: "exit", status: 1, stdout: '{"ok":false,"error":{"code":"INTERNAL"}}' }
        : run(place, args);
    const own = world.open("half@example.com", "half", { run: broken });
    const asked = { ...request, email: "half@example.com" };
    expect(await own.requestAccount(asked)).toEqual({ kind: "unknown", code: "internal" });
    expect(existsSync(join(world.home, "half", "project.json"))).toBe(true);
  });

  it("is asked for nothing in the project of another person", async () => {
    const asked = { ...request, email: "first@example.com" };
    expect((await world.open("first@example.com", "one").requestAccount(asked)).kind).toBe(
      "connected",
    );
    const second = world.open("second@example.com", "one");
    world.calls.length = 0;
    const id = "account-cloudflare";
    const code = "email_mismatch";
    const input = { ...account, resourceId: "kv-1", config: { title: "x" } };
    expect(await second.createResource(input)).toMatchObject({ kind: "refused", code });
    expect(await second.rotateResource({ ...account, id })).toMatchObject({ code });
    expect(await second.removeResource({ ...account, id })).toEqual({ kind: "unknown", code });
    expect(await second.readResource({ ...account, id })).toEqual({ kind: "unknown", code });
    expect(await second.listResources?.(account)).toEqual({ kind: "unknown", code });
    expect(await second.endSession?.(account)).toEqual({ kind: "unknown", code });
    expect(world.calls).toEqual([]);
  });

  it("takes no project for its own that it did not begin", async () => {
    const foreign: typeof run = async (place, args) =>
      args.includes("status")
        ? { kind: "exit", status: 0, stdout: '{"ok":true,"data":{"project":{"id":"theirs"}}}' }
        : run(place, args);
    const own = world.open(email, "above", { run: foreign });
    expect(await own.requestAccount(request)).toMatchObject({ code: "project_foreign" });
  });

  it("waits for a CLI that a killed process left running, and starts none beside it", async () => {
    const folder = join(world.home, "orphan");
    mkdirSync(folder);
    const orphan = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    const lock = (at: number) =>
      writeFileSync(
        join(folder, "cli.json"),
        JSON.stringify({
          ...{ owner: { pid: 2 ** 22 + 1, startedAt: 0 }, at },
          cli: markProcess(orphan.pid ?? 0),
        }),
      );
    lock(Date.now());
    world.calls.length = 0;
    const own = world.open("orphan@example.com", "orphan", { patience: 300 });
    const asked = { ...request, email: "orphan@example.com" };
    expect(await own.requestAccount(asked)).toMatchObject({
      ...{ kind: "refused", code: "unreachable", unsent: true },
    });
    expect(world.calls).toEqual([]);
    // It has had its time: its broker would have ended it.
    lock(Date.now() - 90_001);
    const patient = world.open("orphan@example.com", "orphan", { patience: 20_000 });
    expect((await patient.requestAccount(asked)).kind).toBe("connected");
    expect(isAlive(orphan.pid ?? 0)).toBe(false);
  });

  it("is not started while the process lives that holds the folder, whatever became of its CLI", async () => {
    const folder = mkdtempSync(join(world.home, "held-"));
    const file = join(folder, "cli.json");
    const write = (lock: object) => writeFileSync(file, JSON.stringify(lock));
    const gone = { pid: 2 ** 22 + 1, startedAt: 0 };
    const brief = { timeout: 1, patience: 200 };
    write({ owner: markProcess(process.pid), cli: gone, at: 0 });
    expect(await holdFolder(folder, brief)).toBeUndefined();
    // A damaged mark ends nobody.
    const other = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    write({ owner: gone, cli: { pid: other.pid }, at: 0 });
    expect(await holdFolder(folder, brief)).toBeUndefined();
    expect(isAlive(other.pid ?? 0)).toBe(true);
    other.kill("SIGKILL");
    write({ owner: gone, cli: gone, at: 0 });
    const held = await holdFolder(folder, brief);
    held?.prepare();
    // Only our own lock is marked or removed.
    write({ token: "theirs", owner: markProcess(process.pid), at: Date.now() });
    expect(() => held?.mark(1)).toThrow();
    held?.release();
    expect(readFileSync(file, "utf8")).toContain("theirs");
  });

  it("is over when it has ended or was ended, although what it started holds its output", async () => {
    const env = { PATH: process.env.PATH ?? "" };
    const call = (script: string, timeout: number) =>
      runProgram({ program: ["/bin/sh", "-c"], folder: world.home, env, timeout }, [script]);
    const start = performance.now();
    expect(await call("setsid sleep 60 & echo done", 50_000)).toEqual({
      ...{ kind: "exit", status: 0, stdout: "done\n" },
    });
    expect(await call("setsid sleep 60 & sleep 60", 1_000)).toEqual({
      ...{ kind: "failure", failure: "timeout" },
    });
    expect(performance.now() - start).toBeLessThan(45_000);
  });

  it("is ended when it can't be written down, before anybody else is let in", async () => {
    let pid = 0;
    const place = { folder: world.home, env: {}, timeout: 60_000 };
    const ended = await runProgram(
      {
        ...{ ...place, program: ["/bin/sleep"] },
        onStart(started) {
          pid = started;
          throw new Error("no space left");
        },
      },
      ["60"],
    );
    expect(ended).toEqual({ kind: "failure", failure: "broken" });
    expect(isAlive(pid)).toBe(false);
  });

  it("is described by a closed part of the connection", () => {
    const { part } = world;
    const services = {
      ...{ fetch: (url: string, init: RequestInit) => fetch(url, init), now: Date.now },
      ...{ sleep: async () => undefined, folder: undefined },
      vault: { read: async () => undefined, write: async () => undefined },
    };
    const open = (change: object, provider = "cloudflare") =>
      openOrchestrator(
        { ...part, ...change },
        { id: "stripe-projects", provider, providerUrl: "https://provider.example" },
        services,
      );
    expect(open({})?.id).toBe("stripe-projects");
    expect(open({}, "resend")).toBeUndefined();
    for (const change of [
      { more: 1 },
      { email: "*" },
      { program: [] },
      { program: ["stripe\0"] },
      { env: { "A\0": "1" } },
      { env: { A: "1\0" } },
      { plans: { cloudflare: "--help me" } },
      { termsAccepted: undefined },
    ])
      expect(open(change), JSON.stringify(change)).toBeUndefined();
  });
});

describe("the recorded answers of the real CLI", () => {
  const read = (name: string) =>
    readEnvelope({ kind: "exit", status: 1, stdout: readFileSync(join(RECORDED, name), "utf8") });
  it.skipIf(!existsSync(RECORDED))(
    "are read (skipped where the recordings are not at hand)",
    () => {
      expect(read("preflight-add-blocked.json")).toMatchObject({ code: "tos_acceptance_required" });
      expect(read("preflight-init-blocked.json")).toMatchObject({
        code: "tos_acceptance_required",
      });
      expect(read("preflight-init-ready.json")).toMatchObject({
        kind: "ok",
        data: { ready: true },
      });
      expect(read("env-show.json").kind).toBe("ok");
    },
  );

  it("are found behind other text, and only where they end the output", () => {
    const answer = '{"ok":true,"data":{"a":[{\n  "b":1}]}}';
    const kind = (stdout: string) => readEnvelope({ kind: "exit", status: 0, stdout }).kind;
    for (const before of [
      "",
      "note\n",
      "{not this}\n",
      '{"ok":false,"error":{"code":"A"}}\n',
      "{\n",
    ])
      expect(kind(`${before}${answer}\n`), before).toBe("ok");
    for (const after of ["x", '{"ok":true}', "\n{"])
      expect(kind(`${answer}${after}`), after).toBe("lost");
  });

  it("are not looked for at every line of a hostile output", () => {
    const nested = '{"a":\n'.repeat(8_000);
    const parse = vi.spyOn(JSON, "parse");
    try {
      for (const stdout of [nested, `${nested}1${"}".repeat(8_000)}x`, `note\n${nested}`])
        expect(readEnvelope({ kind: "exit", status: 0, stdout }).kind).toBe("lost");
      expect(parse.mock.calls.length).toBeLessThanOrEqual(6);
    } finally {
      parse.mockRestore();
    }
  });

  it("are unknown when they are cut off or empty", () => {
    for (const stdout of ["", "{", '{"ok":true', "null", '{"ok":false}', '{"ok":"yes"}'])
      expect(readEnvelope({ kind: "exit", status: 0, stdout }).kind).toBe("lost");
  });
});
