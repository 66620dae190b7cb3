import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fail } from "../../src/broker/errors.ts";
import type { BrokerAnswer } from "../../src/broker/protocol.ts";
import { checkpointFile, type StackPlace } from "../../src/deploy/stack-place.ts";
import type { BrokerSession } from "../../src/operations/broker-session.ts";
import { openOldPlace } from "../../src/operations/migrate/open-old-place.ts";
import { readStackToken } from "../../src/operations/read-stack-token.ts";

const STACK = { project: "shop", stack: "local" };
const FOUND = {
  ...{ ok: true, id: "lease" },
  outputs: { tokenId: "1", value: "token", endpoint: "https://api.example.com" },
} as unknown as BrokerAnswer;

/** A broker that has an open token, or none, and answers in one way when it is read. */
function openSession(hasToken: boolean, answer: BrokerAnswer = FOUND): BrokerSession {
  const identity = { ...STACK, resource: "cloudflare.access-token" };
  const lease = { id: "lease", kind: "access-token", provider: "cloudflare", identity };
  const broker = {
    summary: async () => ({ leases: hasToken ? [lease] : [] }),
    handle: async () => answer,
    renewCredentials: async () => ({ renewed: [], reminted: [], failed: [] }),
  };
  return { broker } as unknown as BrokerSession;
}

/** A stack whose state is a text. */
function placeWith(state?: string): StackPlace {
  const root = mkdtempSync(join(tmpdir(), "sc-old-place-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const place = { ...STACK, root, folder: join(root, "stacks/shop") };
  if (state === undefined) return place;
  mkdirSync(dirname(checkpointFile(place)), { recursive: true });
  writeFileSync(checkpointFile(place), state);
  return place;
}

const DEPLOYED = JSON.stringify({
  checkpoint: {
    latest: {
      resources: [
        { urn: "a::b", type: "cloudflare:index/queue:Queue", inputs: { accountId: "1" } },
      ],
    },
  },
});

test("a token that cannot be read is not one that is not there", async () => {
  const read = (session: BrokerSession) => readStackToken(session, "cloudflare", STACK);
  expect(await read(openSession(false))).toBeUndefined();
  expect(await read(openSession(true))).toMatchObject({ endpoint: "https://api.example.com" });
  const failure = fail("provider_unreachable");
  expect(await read(openSession(true, failure))).toEqual(failure);
  const gone = { ok: true, gone: true } as unknown as BrokerAnswer;
  expect(await read(openSession(true, gone))).toMatchObject({ ok: false });
});

test("an old place that cannot be asked is not one that is left already", async () => {
  const open = (session: BrokerSession, place: StackPlace) => openOldPlace({ session, place });
  const refusal = (code: string) => ({ ok: false, failure: { code } });
  const failing = openSession(true, fail("provider_unreachable"));
  for (const state of [DEPLOYED, undefined, "{"])
    expect(await open(failing, placeWith(state))).toMatchObject(refusal("provider-unreachable"));
  for (const hasToken of [true, false])
    expect(await open(openSession(hasToken), placeWith("{"))).toMatchObject(
      refusal("state-unreadable"),
    );
  expect(await open(openSession(true), placeWith(DEPLOYED))).toMatchObject({ zones: [] });
});

test("an old place is left when no token is open, or when the state has nothing there", async () => {
  const nothing = JSON.stringify({ checkpoint: { latest: { resources: [] } } });
  for (const state of [undefined, nothing, DEPLOYED])
    expect(
      await openOldPlace({ session: openSession(false), place: placeWith(state) }),
    ).toBeUndefined();
  expect(
    await openOldPlace({ session: openSession(true), place: placeWith(nothing) }),
  ).toBeUndefined();
});
