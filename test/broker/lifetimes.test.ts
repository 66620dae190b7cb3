import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSessionBook, SESSION_SECONDS } from "../../src/broker/session.ts";
import { TOKEN_SECONDS_MAX } from "../../src/broker/token-life.ts";
import { DELEGATION_SECONDS_MAX } from "../../src/permissions/delegation.ts";
import { noteFigure } from "../promises/note-figure.ts";
import { PROJECT_ROOT } from "../support/run-cli.ts";
import { createBench, grant, identity, requests, setUp } from "./fakes/bench.ts";

/** Every call by which something comes to be that opens a door, where it is made, and what bounds it. */
const MINTS: Readonly<Record<string, readonly [call: RegExp, bound: string]>> = {
  "acts/mint-token.ts": [/\.issueToken\(/, "an access token: 15 minutes"],
  "acts/access-token.ts": [/\.renewToken\(/, "a renewal: 15 minutes from then"],
  "acts/issue-token.ts": [/\.issue\(/, "a payment token, which never leaves the broker: 32 days"],
  "acts/settle-doubtful-issue.ts": [
    /\.issue\(/,
    "the same payment token, asked for again under its key and revoked",
  ],
  "acts/account.ts": [
    /\.requestAccount\(/,
    "a session with a provider, which never leaves the broker",
  ],
  "acts/request-link.ts": [
    /\.requestAccount\(/,
    "the same, for an account that exists: no orchestrator that links may make one",
  ],
  "acts/is-account-over.ts": [
    /\.requestAccount\(/,
    "the same, of an account that was kept; it is dropped, and ends by itself",
  ],
  "acts/account-access.ts": [/\.(requestAccount|refresh)\(/, "the same, refreshed"],
  "acts/service-instance.ts": [
    /\.createResource\(/,
    "a service's own credentials: the protocol knows no expiry",
  ],
  "acts/present-token.ts": [/\.createResource\(/, "no credential: a plan is asked for"],
  "acts/change-credentials.ts": [/\.rotateResource\(/, "a service's own credentials, replaced"],
  "server.ts": [/\.(issueTicket|delegate)\(/, "a ticket: one hour; of a sub-agent 15 minutes"],
};
const MINTING =
  /\.(issueToken|renewToken|issue|requestAccount|refresh|createResource|rotateResource|issueTicket|delegate)\(/;

describe("promise 12: every credential dies", () => {
  it("and nothing mints one but the places that are listed, each with its bound", () => {
    const root = join(PROJECT_ROOT, "src/broker");
    const found = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .filter((path) => MINTING.test(readFileSync(join(root, path), "utf8")))
      .toSorted();
    expect(found).toEqual(Object.keys(MINTS).toSorted());
    for (const [path, [call]] of Object.entries(MINTS))
      expect([path, call.test(readFileSync(join(root, path), "utf8"))]).toEqual([path, true]);
    expect([TOKEN_SECONDS_MAX, DELEGATION_SECONDS_MAX]).toEqual([900, 900]);
    expect(SESSION_SECONDS).toBeLessThanOrEqual(3_600);
  });

  it("an access token lives 15 minutes at most, by whichever way it comes to be, and is renewed and not granted for long", async ({
    task,
  }) => {
    const { open, world, clock } = createBench();
    let most = 0;
    let without = 0;
    let ways = 0;
    const look = (): void => {
      ways += 1;
      for (const { expiresAt, gone } of world.accessTokens) {
        if (gone) continue;
        const left = (Date.parse(expiresAt) - clock.now()) / 1000;
        if (Number.isNaN(left)) without += 1;
        else most = Math.max(most, left);
      }
    };
    const broker = await open();
    const { account } = await setUp(broker);
    const long = { ttlSeconds: 86_400 };
    const { id } = await grant(broker, requests.access(account, long));
    look();
    clock.advance(600_000);
    await broker.renewCredentials("shop", "prod");
    look();
    // Adopted by a second run, changed, rotated, and minted again because it is gone.
    await grant(await open(), requests.access(account, long));
    look();
    const current = await open();
    const inputs = requests.access(account, {
      ...long,
      permissions: [{ group: "R2", scope: "account" }],
    }).inputs;
    const about = {
      kind: "access-token",
      identity: identity("cloudflare.access-token"),
      id,
    } as const;
    expect(await current.handle({ verb: "update", ...about, inputs })).toMatchObject({ ok: true });
    look();
    expect(await current.rotate(id)).not.toHaveProperty("ok", false);
    look();
    for (const token of world.accessTokens) token.gone = true;
    await current.renewCredentials("shop", "prod", { isBegin: false });
    look();
    expect([most, without]).toEqual([900, 0]);
    expect(world.accessTokens.filter(({ gone }) => !gone)).toHaveLength(1);
    for (const { expiresAt } of world.paymentTokens) expect(Date.parse(expiresAt)).not.toBeNaN();
    noteFigure(task, `longest life ${most} s over ${ways} ways, ${without} without expiry`);
  });

  it("tickets and sessions end, those of sub-agents after 15 minutes at most", () => {
    let now = 0;
    const book = createSessionBook(() => now, {
      bytes: (count) => new Uint8Array(count).map((_, i) => i + now),
    });
    const parent = {
      project: "shop",
      stack: "prod",
      verbs: [],
      delegations: [],
      expiresAt: SESSION_SECONDS * 1000,
    };
    expect(book.delegate(parent, { id: "helper", ttlSeconds: 86_400 })?.expiresAt).toBe(900_000);
    now = 3_500_000;
    expect(book.delegate(parent, { id: "helper", ttlSeconds: 86_400 })?.expiresAt).toBe(3_600_000);
    now = 3_600_000;
    expect(book.delegate(parent, { id: "helper", ttlSeconds: 60 })).toBeUndefined();
  });
});
