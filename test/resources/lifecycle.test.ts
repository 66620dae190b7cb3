import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  destroyStack,
  ensureStack,
  exportState,
  previewStack,
  refreshStack,
  upStack,
} from "../../src/deploy/run-engine.ts";
import { engineForTests, makeEngineProject } from "../deploy/engine-project.ts";
import { CANARIES, type FakeBroker, startFakeBroker } from "../deploy/fake-broker.ts";

const engine = await engineForTests();

const PROGRAM = `
import * as supercargo from "supercargo/resources";

const account = new supercargo.Account("account", {
  provider: "cloudflare",
  orchestrators: ["stripe"],
  principal: process.env.TRY_PRINCIPAL ?? "founder@example.com",
  agent: process.env.TRY_AGENT ?? "build-bot",
});
const payment = new supercargo.PaymentToken("payment", {
  provider: "cloudflare",
  account: account.accountId,
  issuers: ["stripe"],
  cap: process.env.TRY_CAP ?? "60.00 USD",
});
const token = new supercargo.AccessToken("token", {
  provider: "cloudflare",
  account: account.accountId,
  permissions: [{ group: "D1 Write", scope: "account" }],
  zones: [],
  ttlSeconds: 3600,
});
const address = new supercargo.Domain("address", {
  provider: "cloudflare",
  account: account.accountId,
  paymentToken: payment.paymentTokenId,
  domain: process.env.TRY_DOMAIN ?? "example-shop.com",
  years: 1,
  maxPrice: "12.00 USD",
  autoRenew: false,
});
const mail = new supercargo.ServiceInstance("mail", {
  provider: "resend",
  account: account.accountId,
  paymentToken: payment.paymentTokenId,
  service: "resend/email",
  config: { region: "eu", domain: address.domain },
});
const key = new supercargo.GeneratedSecret("key", { bytes: 32 });
export const zone = address.zoneId;
export const secrets = [token.value, mail.credentials, key.value];
`;

describe.skipIf(engine === undefined)(
  "our dynamic resources under the real engine",
  () => {
    const project = makeEngineProject("shop");
    let broker: FakeBroker;
    beforeAll(async () => {
      broker = await startFakeBroker();
      project.write(PROGRAM);
      expect(await ensureStack(run())).toEqual({ ok: true, created: true });
      expect(await ensureStack(run())).toEqual({ ok: true, created: false });
    });
    beforeEach(() => {
      broker.requests.length = 0;
      broker.answer = () => undefined;
    });
    afterAll(async () => {
      await broker.close();
      project.remove();
    });

    const run = (env: Readonly<Record<string, string>> = {}) => {
      if (engine === undefined) throw new Error("no engine");
      return project.run(engine, { ...broker.env, ...env });
    };
    const verbs = () => broker.requests.map(({ verb, kind }) => `${verb} ${kind}`).toSorted();
    const summary = (steps: readonly { operation: string; name: string }[]) =>
      steps
        .filter((step) => step.operation !== "same")
        .map((step) => `${step.operation} ${step.name}`)
        .toSorted();

    it("previews without asking a broker", async () => {
      const preview = await previewStack({ ...run(), env: {} });
      expect(preview).toMatchObject({ ok: true });
      expect(summary(preview.steps)).toHaveLength(6);
      expect(broker.requests).toEqual([]);
    });

    it("creates each once, and shows no change right after", async () => {
      const seen: string[] = [];
      const up = await upStack({
        ...run(),
        onProgress: ({ phase, step }) => seen.push(`${phase} ${step.operation} ${step.name}`),
      });
      expect(up).toMatchObject({
        ok: true,
        outputs: { zone: "zone-1", secrets: ["[secret]", "[secret]", "[secret]"] },
      });
      expect(verbs()).toEqual([
        "create access-token",
        "create account",
        "create domain",
        "create payment-token",
        "create secret",
        "create service-instance",
      ]);
      expect(seen).toContain("begins create account");
      expect(seen).toContain("ends create address");
      const preview = await previewStack(run());
      expect(preview).toMatchObject({ ok: true });
      expect(summary(preview.steps)).toEqual([]);
    });

    it("keeps every secret encrypted in state, history and export", async () => {
      const exported = await exportState(run());
      if (!exported.ok) throw new Error(exported.error.code);
      const files = [".supercargo", "pulumi"].flatMap((folder) =>
        readdirSync(join(project.place.root, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")),
      );
      const texts = [exported.deployment, ...files].join("\n");
      expect(texts).toContain("example-shop.com");
      for (const canary of Object.values(CANARIES)) expect(texts).not.toContain(canary);
    });

    it("reads on refresh and changes nothing when nothing changed", async () => {
      expect(await refreshStack(run())).toMatchObject({ ok: true });
      expect(verbs()).toEqual([
        "read access-token",
        "read account",
        "read domain",
        "read payment-token",
        "read secret",
        "read service-instance",
      ]);
      expect(summary((await previewStack(run())).steps)).toEqual([]);
    });

    it("makes again what is gone", async () => {
      broker.answer = ({ verb, kind }) =>
        verb === "read" && kind === "secret" ? { ok: true, gone: true } : undefined;
      expect(await refreshStack(run())).toMatchObject({ ok: true });
      broker.requests.length = 0;
      const up = await upStack(run());
      expect(summary(up.steps)).toEqual(["create key"]);
      expect(verbs()).toEqual(["create secret"]);
    });

    it("takes another agent or orchestrator for no change", async () => {
      expect(summary((await previewStack(run({ TRY_AGENT: "other-bot" }))).steps)).toEqual([]);
    });

    it("updates in place what may change", async () => {
      const up = await upStack(run({ TRY_CAP: "61.00 USD" }));
      expect(summary(up.steps)).toEqual(["update payment"]);
      expect(up.steps.find((step) => step.name === "payment")).toMatchObject({
        changed: ["cap"],
        before: { cap: "60.00 USD" },
        after: { cap: "61.00 USD" },
      });
      expect(verbs()).toEqual(["update payment-token"]);
    });

    it("reports a refusal by its code alone", async () => {
      broker.answer = ({ verb }) =>
        verb === "update" ? { ok: false, code: "cap_exceeded", message: CANARIES.text } : undefined;
      const up = await upStack(run({ TRY_CAP: "62.00 USD" }));
      expect(up).toMatchObject({
        ok: false,
        error: {
          code: "resource-refused",
          resources: [{ resource: "payment", code: "cap_exceeded" }],
        },
      });
      expect(JSON.stringify(up)).not.toContain(CANARIES.text);
    });

    it("refuses another name for a domain instead of replacing it", async () => {
      const preview = await previewStack(
        run({ TRY_CAP: "61.00 USD", TRY_DOMAIN: "other-shop.com" }),
      );
      expect(preview).toMatchObject({
        ok: false,
        error: {
          code: "resource-refused",
          resources: [{ resource: "address", code: "immutable_input" }],
        },
      });
      expect(broker.requests).toEqual([]);
    });

    it("replaces what cannot change, the old one first", async () => {
      const env = { TRY_CAP: "61.00 USD", TRY_PRINCIPAL: "other@example.com" };
      const preview = await previewStack(run(env));
      expect(preview.steps.find((step) => step.name === "account")).toMatchObject({
        operation: "replace",
        replacedBecause: ["principal"],
      });
      const up = await upStack(run(env));
      expect(up).toMatchObject({ ok: true });
      const account = broker.requests.filter(({ kind }) => kind === "account");
      expect(account.map(({ verb }) => verb)).toEqual(["delete", "create"]);
      expect(verbs().filter((verb) => verb.endsWith(" domain"))).toEqual([]);
    });

    it("deletes all but the domain", async () => {
      expect(await destroyStack(run())).toMatchObject({ ok: true });
      expect(verbs()).toEqual([
        "delete access-token",
        "delete account",
        "delete payment-token",
        "delete secret",
        "delete service-instance",
      ]);
    });
  },
  120_000,
);
