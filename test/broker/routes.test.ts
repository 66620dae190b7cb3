import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { REQUIRED_VERBS, requiredVerbs } from "../../src/broker/policy.ts";
import { type BrokerRequest, LEASE_KINDS } from "../../src/broker/protocol.ts";
import { ROUTES, startBrokerServer } from "../../src/broker/server.ts";
import { VERB_CLASSES, type Verb } from "../../src/compiler/vocabulary.ts";
import { createPermits } from "../../src/operations/create-permits.ts";
import { AGENT_NEVER } from "../../src/permissions/built-in-rules.ts";
import { compileText, manifestOf } from "../policy/compile-text.ts";
import { createBench, requests } from "./fakes/bench.ts";
import { openRaw, post, postSigned, signRaw } from "./raw-client.ts";

const REQUEST_VERBS = ["create", "read", "update", "delete"] as const;
const EVERYTHING = `apiVersion: supercargo/v1
permissions:
  - { effect: permit, subject: "*", verbs: [${Object.keys(VERB_CLASSES).join(", ")}] }
`;

/** One request of each kind and verb. */
const ALL: readonly BrokerRequest[] = [
  requests.account(),
  requests.payment("acct"),
  requests.access("acct"),
  requests.domain("acct", "pay"),
  requests.service("acct", "pay"),
  requests.secret(),
].flatMap((create) =>
  REQUEST_VERBS.map((verb) => ({ ...create, verb, id: "lease_1" }) as unknown as BrokerRequest),
);

describe("promise 9: the broker's socket", () => {
  test("has a verb of the matrix for every request that it takes", () => {
    expect(Object.keys(REQUIRED_VERBS).sort()).toEqual([...LEASE_KINDS].sort());
    for (const kind of LEASE_KINDS) {
      expect(Object.keys(REQUIRED_VERBS[kind]).sort()).toEqual([...REQUEST_VERBS].sort());
      for (const verb of Object.values(REQUIRED_VERBS[kind]))
        expect(VERB_CLASSES).toHaveProperty(verb);
    }
    expect(ALL).toHaveLength(LEASE_KINDS.length * REQUEST_VERBS.length);
  });

  test("has these three paths, one of which acts, and no other", async () => {
    expect(ROUTES).toEqual({
      "/v1/sessions": "open",
      "/v1/requests": "ask",
      "/v1/delegations": "delegate",
    });
    const { open } = createBench();
    const server = await startBrokerServer(await open());
    onTestFinished(() => server.close());
    for (const path of ["/", "/v1", "/v1/approve", "/v1/requests/", "/v1/limits", "/__proto__"])
      expect(await post(server.socket, path, "{}")).toMatchObject({ status: 404 });
  });

  test("knows no word for transferring, raising limits, approving, exporting, unlocking or closing", () => {
    const offered = new Set<Verb>(ALL.flatMap(requiredVerbs));
    expect(AGENT_NEVER.filter((verb) => offered.has(verb))).toEqual(["delete"]);
  });

  it("gives an agent nothing that it must never do, whatever the guardrails say", async () => {
    const { model } = compileText(
      manifestOf("  address: { kind: domain, domain: example-shop.com, maxPrice: 12.00 USD }"),
      { stack: "local", guardrails: EVERYTHING },
    );
    const { open, world } = createBench();
    const broker = await open({ permits: createPermits(model, "agent:build-bot") });
    const server = await startBrokerServer(broker);
    onTestFinished(() => server.close());
    const { SUPERCARGO_BROKER_TICKET: ticket } = server.admit({ project: "shop", stack: "prod" });
    const session = await openRaw(server.socket, readFileSync(ticket, "utf8"));
    if (session === undefined) throw new Error("not admitted");
    const never = ALL.filter((request) =>
      requiredVerbs(request).some((verb) => AGENT_NEVER.includes(verb)),
    );
    expect(never.map(({ kind, verb }) => `${verb} ${kind}`)).toEqual([
      "delete domain",
      "delete service-instance",
    ]);
    for (const request of never) {
      const signed = signRaw(session, "/v1/requests", JSON.stringify(request));
      const { code } = JSON.parse((await postSigned(server.socket, signed))?.body ?? "{}");
      expect(["not_permitted", "domain_never_deleted"]).toContain(code);
    }
    expect(world.calls.size).toBe(0);
  });

  it("asks for renewal, too, when a domain is to renew by itself", () => {
    const request = requests.domain("acct", "pay", { autoRenew: true }) as unknown as BrokerRequest;
    expect(requiredVerbs(request)).toEqual(["create-paid", "renew"]);
  });
});
