import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { AccountRequest, Orchestrator } from "../../src/adapters/orchestrators/contract.ts";
import type { runCli } from "../../src/adapters/orchestrators/run-cli.ts";
import { createStripeProjects } from "../../src/adapters/orchestrators/stripe-projects/client.ts";
import stripeProjects from "../../src/adapters/orchestrators/stripe-projects/index.ts";
import { readEnvelope } from "../../src/adapters/orchestrators/stripe-projects/read-envelope.ts";
import { Secret } from "../../src/util/secret.ts";
import { testOrchestrator } from "./orchestrator-suite.ts";
import { runStripe } from "./stripe-cli/run-stripe.ts";
import { emptyServer, type Server } from "./stripe-cli/server-state.ts";

const CLI = join(import.meta.dirname, "stripe-cli/stripe.ts");
const RECORDED = join(import.meta.dirname, "../../../shared/specs/stripe-projects-cli");
const PATH = process.env.PATH ?? "";

/** The stand-in of the CLI with a server of its own; each request for an account is another person's machine. */
function openWorld() {
  const home = mkdtempSync(join(tmpdir(), "sc-stripe-"));
  const file = join(home, "server.json");
  const read = (): Server => JSON.parse(readFileSync(file, "utf8")) as Server;
  const change = (work: (server: Server) => void): void => {
    const server = read();
    work(server);
    writeFileSync(file, JSON.stringify(server));
  };
  writeFileSync(file, JSON.stringify(emptyServer()));
  const open = (
    email: string,
    folder = email,
    more: Partial<Parameters<typeof createStripeProjects>[0]> = {},
  ): Orchestrator =>
    createStripeProjects({
      ...{ provider: "cloudflare", plan: "workers:free", email, now: Date.now },
      folder: join(home, folder),
      program: [process.execPath, CLI],
      env: { PATH, FAKE_STRIPE_HOME: home, FAKE_STRIPE_EMAIL: email },
      ...more,
    });
  return { home, read, change, open, close: () => rmSync(home, { recursive: true }) };
}

/** The stand-in without a process of its own, which takes long to start. */
const run: typeof runCli = async ({ folder, env }, [...args]) => {
  const printed = runStripe(args, folder, env);
  return printed === "hang"
    ? { kind: "failure", failure: "timeout" }
    : { kind: "exit", ...printed };
};

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
  "stripe-projects, against a stand-in of the CLI",
  stripeProjects,
  async () => {
    const world = openWorld();
    const orchestrator = joinPeople((email, folder) => world.open(email, folder, { run }));
    return {
      orchestrator,
      stranger: world.open("stranger@example.com", "stranger", {
        program: ["/no/such/stripe"],
      }),
      free: { service: "kv", config: { title: "sessions" } },
      paid: { service: "r2:bucket", config: { name: "media" } },
      async makeAccount(email) {
        const id = `before${world.read().accounts.length}`;
        world.change((server) => server.accounts.push({ id, email, project: "" }));
        return id;
      },
      async lose(_, how) {
        world.change((server) => server.faults.push({ command: "add", how }));
      },
      async consent(url, decision) {
        const id = new URL(url).searchParams.get("project");
        world.change((server) => {
          for (const link of server.links)
            if (link.project === id) link.state = decision === "allow" ? "linked" : "denied";
        });
      },
      count: async (what) =>
        what === "accounts"
          ? world.read().accounts.length
          : world.read().resources.filter(({ service }) => service !== "workers:free").length,
      close: async () => world.close(),
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
  let world: ReturnType<typeof openWorld>;
  beforeAll(() => {
    world = openWorld();
  });
  afterAll(() => world.close());
  const email = "founder@example.com";
  const request = {
    ...{ requestId: "areq_1", email, name: "shop" },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  };

  it.each([
    ["is too old", { cli: "1.39.9" }],
    ["lacks the plugin", { plugin: null }],
    ["has an old plugin", { plugin: "0.45.3" }],
    ["is not logged in", { loggedIn: false }],
  ] as const)("that %s is not healthy", async (_, state) => {
    world.change((server) => Object.assign(server, state));
    expect(await world.open(email).isHealthy()).toBe(false);
    world.change((server) => Object.assign(server, emptyServer()));
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
    world.change((server) => Object.assign(server, { terms: false }));
    expect(await world.open(email, "terms").requestAccount(request)).toMatchObject({
      kind: "refused",
      code: "terms_not_accepted",
    });
    const accepted = world.open(email, "terms", { termsAccepted: true });
    expect((await accepted.requestAccount(request)).kind).toBe("connected");
    world.change((server) => Object.assign(server, { terms: true }));
  });

  it("leaves a create open when it hangs or prints nothing, and finds it in the list", async () => {
    const own = world.open("hang@example.com", "hang", { timeout: 10_000 });
    const ownRequest = { ...request, email: "hang@example.com" };
    expect((await own.requestAccount(ownRequest)).kind).toBe("connected");
    const input = { accessToken: new Secret("unused-here"), service: "kv", config: {} };
    for (const how of ["hang", "silence", "answer"] as const) {
      world.change((server) => server.faults.push({ command: "add", how }));
      const named = { ...input, resourceId: `kv-${how}` };
      expect((await own.createResource(named)).kind).toBe("unknown");
      expect(await own.createResource(named)).toMatchObject({ kind: "complete", id: `kv-${how}` });
    }
    const names = world.read().resources.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("kv-"))).toEqual([
      "kv-hang",
      "kv-silence",
      "kv-answer",
    ]);
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
    const before = world.read().calls.length;
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
    expect(world.read().calls).toHaveLength(before);
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
    expect(readdirSync(join(world.home, "tidy"))).toEqual([".projects"]);
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
      expect(readdirSync(join(world.home, name))).toEqual([".projects"]);
    },
  );
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
