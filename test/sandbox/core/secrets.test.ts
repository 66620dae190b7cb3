import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { MintedSecret } from "../../../src/sandbox/minted-secrets.ts";
import { connectProvider } from "./support/provider-client.ts";
import { connectIssuer, connectSeller, issueToken, pay } from "./support/stripe-client.ts";
import { startTestSandbox, type TestSandbox } from "./support/test-sandbox.ts";

/** Goes through every way in which the sandbox hands out a secret; answers with all texts that it answered. */
async function useEverything(sandbox: TestSandbox): Promise<string> {
  const client = await connectProvider(sandbox);
  await sandbox.admin("POST", "providers/acme", { accountAnswer: "credentials" });
  const account = await client.requestAccount({ id: "areq_a", email: "a@example.com" });
  const { access_token: bearer } = account.body.credentials.bearer;
  const made: unknown[] = [account.body];
  for (const [id, service_id] of [
    ["p", "free"],
    ["e", "email"],
    ["d", "postgres"],
  ]) {
    const body = {
      service_id,
      orchestrator_resource_id: id,
      configuration: service_id === "postgres" ? { name: "orders" } : {},
    };
    made.push(
      (await client.call("POST", "/provisioning/resources", body, { bearer, key: `key-${id}` }))
        .body,
    );
  }
  made.push(
    (await client.call("POST", "/provisioning/deep_links", { purpose: "dashboard" }, { bearer }))
      .body,
  );
  await sandbox.admin("POST", "providers/acme", { accountAnswer: "oauth" });
  const code = await client.requestAccount({ email: "b@example.com" });
  made.push(
    code.body,
    (await client.exchange({ grant_type: "authorization_code", code: code.body.oauth.code })).body,
  );
  const seller = await connectSeller(sandbox, "acme");
  const token = await issueToken(await connectIssuer(sandbox), seller.profile, {}, {}, "k");
  made.push(token, await pay(seller.stripe, token.id, 5, {}, "k"));
  return JSON.stringify(made);
}

describe("minted secrets", () => {
  it("are all recorded, in a form that stands out", async () => {
    const sandbox = await startTestSandbox();
    const answered = await useEverything(sandbox);
    const lines = readFileSync(join(sandbox.home, "minted-secrets.jsonl"), "utf8")
      .trim()
      .split("\n");
    const minted = lines.map((line) => JSON.parse(line) as MintedSecret);
    const values = new Set(minted.map(({ value }) => value));
    expect(values.size).toBe(lines.length);
    const found = answered.match(/[A-Za-z0-9_]*cnry[0-9a-f]{44}/g) ?? [];
    expect(found.length).toBeGreaterThan(9);
    for (const secret of found) expect(values).toContain(secret);
    const { identities, issuers } = await sandbox.connection();
    const { stripe } = issuers;
    for (const secret of [
      identities.stripe.signingSecret,
      identities.self.signingSecret,
      stripe.secretKey,
      sandbox.adminToken,
    ])
      expect(values).toContain(secret);
    for (const { kind, value, at } of minted) {
      const form = kind === "line of a private key" ? /^[A-Za-z0-9+/]{64}$/ : /cnry[0-9a-f]{44}$/;
      expect(value).toMatch(form);
      expect(kind).not.toBe("");
      expect(new Date(at).toISOString()).toBe(at);
    }
  });

  it("are recorded once over restarts", async () => {
    const first = await startTestSandbox();
    await first.close();
    const read = () => readFileSync(join(first.home, "minted-secrets.jsonl"), "utf8");
    const before = read();
    await (await startTestSandbox({ home: first.home })).close();
    expect(read()).toBe(before);
  });

  it("stand in clear nowhere else in the home but where the README says", async () => {
    const sandbox = await startTestSandbox();
    await useEverything(sandbox);
    await sandbox.close();
    const minted = readFileSync(join(sandbox.home, "minted-secrets.jsonl"), "utf8")
      .trim()
      .split("\n");
    const files = readdirSync(sandbox.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(sandbox.home, join(entry.parentPath, entry.name)));
    expect(files).toContain("sandbox.json");
    for (const name of files) {
      if (name === "minted-secrets.jsonl") continue;
      const bytes = readFileSync(join(sandbox.home, name), "latin1");
      for (const line of minted) {
        const { kind, value } = JSON.parse(line) as MintedSecret;
        const isAllowed =
          (name === "sandbox.json" && kind === "sandbox admin token") ||
          (name.startsWith("state.sqlite") && kind === "shared-payment-token");
        if (!isAllowed) expect(bytes.includes(value), `${kind} in ${name}`).toBe(false);
      }
    }
  });

  it("fit the forms that clients check", async () => {
    const { context } = await startTestSandbox();
    expect(context.mintSecret("cloudflare api token", "cfat_")).toMatch(/^cfat_[0-9A-Za-z]{48}$/);
    expect(context.mintSecret("any")).toMatch(/^[0-9A-Za-z\-_]{40,80}$/);
    expect(context.unseal(context.seal("a secret \u{1f980}"))).toBe("a secret \u{1f980}");
    const sealed = context.seal("x");
    const tampered = `${sealed.startsWith("A") ? "B" : "A"}${sealed.slice(1)}`;
    expect(() => context.unseal(tampered)).toThrow();
  });
});
