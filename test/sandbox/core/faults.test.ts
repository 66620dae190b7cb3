import { describe, expect, it } from "vitest";
import { connectProvider } from "./support/provider-client.ts";
import { startTestSandbox, type TestSandbox } from "./support/test-sandbox.ts";

const PATH = "/provisioning/account_requests$";

async function strike(
  sandbox: TestSandbox,
  rule: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await sandbox.admin("POST", "faults", { match: { path: PATH }, ...rule });
  expect(answer.status).toBe(201);
}

async function countCalls(sandbox: TestSandbox): Promise<readonly [number, number]> {
  const { calls } = await sandbox.books();
  const call = calls.find(({ path }) => path.endsWith("account_requests"));
  return [call?.arrived ?? 0, call?.handled ?? 0];
}

/** Until the request for an account has arrived. */
async function awaitCall(sandbox: TestSandbox): Promise<void> {
  await expect.poll(() => countCalls(sandbox), { timeout: 20_000 }).toEqual([1, 0]);
}

describe("a fault on demand", () => {
  it.each([
    ["refuse", 0, 0],
    ["drop-after", 1, 1],
  ])("%s closes the socket, with %i accounts made", async (kind, accounts, handled) => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, { kind });
    await expect(client.requestAccount()).rejects.toThrow();
    expect((await sandbox.books()).accounts).toHaveLength(accounts);
    expect(await countCalls(sandbox)).toEqual([1, handled]);
  });

  it.each([
    ["status500", 500, 0],
    ["status500-after", 500, 1],
    ["status429", 429, 0],
  ])("%s answers %i, with %i accounts made", async (kind, status, accounts) => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, { kind });
    expect((await client.requestAccount()).status).toBe(status);
    expect((await sandbox.books()).accounts).toHaveLength(accounts);
    expect((await client.requestAccount()).status).toBe(200);
  });

  it("hang never answers, until the faults are cleared", async () => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, { kind: "hang" });
    const hanging = client.requestAccount().then(
      () => "answered",
      () => "closed",
    );
    await awaitCall(sandbox);
    const first = await Promise.race([
      hanging,
      new Promise((ok) => setTimeout(ok, 150, "waiting")),
    ]);
    expect(first).toBe("waiting");
    await sandbox.admin("DELETE", "faults");
    expect(await hanging).toBe("closed");
    expect((await sandbox.books()).accounts).toEqual([]);
  });

  it("hang ends with the sandbox", async () => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, { kind: "hang" });
    const hanging = client.requestAccount().catch(() => "closed");
    await awaitCall(sandbox);
    await sandbox.close();
    expect(await hanging).toBe("closed");
  });

  it("duplicate handles twice, and a request with an id still makes one account", async () => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, { kind: "duplicate" });
    expect((await client.requestAccount()).status).toBe(200);
    const books = await sandbox.books();
    expect(books.accounts).toHaveLength(1);
    expect(books.accessTokens).toHaveLength(1);
    expect(await countCalls(sandbox)).toEqual([1, 2]);
  });

  it("slow waits before it handles", async () => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, { kind: "slow", ms: 120 });
    const start = performance.now();
    expect((await client.requestAccount()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(110);
  });

  it.each([
    ["other-schema", 0],
    ["foreign", 1],
  ])("%s tells something else, and has handled %i", async (kind, handled) => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, { kind });
    const told = JSON.stringify(await client.requestAccount().catch(() => undefined));
    const { accounts } = await sandbox.books();
    expect(accounts).toHaveLength(handled);
    for (const { id } of accounts as readonly { readonly id?: string }[])
      if (id !== undefined) expect(told ?? "").not.toContain(id);
  });

  it("malformed handles and cuts the body off", async () => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, { kind: "malformed" });
    await expect(client.requestAccount()).rejects.toThrow(SyntaxError);
    expect((await sandbox.books()).accounts).toHaveLength(1);
  });

  it("strikes from the nth matching request on, so many times, and is counted", async () => {
    const sandbox = await startTestSandbox();
    const client = await connectProvider(sandbox);
    await strike(sandbox, {
      kind: "status500",
      nth: 2,
      times: 2,
      match: { method: "post", path: PATH },
    });
    const statuses: number[] = [];
    for (let round = 0; round < 5; round += 1)
      statuses.push((await client.requestAccount()).status);
    expect(statuses).toEqual([200, 500, 500, 200, 200]);
    const { faults } = (await (await sandbox.admin("GET", "faults")).json()) as {
      faults: { seen: number; fired: number }[];
    };
    expect(faults).toMatchObject([{ seen: 5, fired: 2 }]);
  });

  it("leaves the admin's own paths alone and survives no restart", async () => {
    const sandbox = await startTestSandbox();
    await strike(sandbox, { kind: "refuse", times: null, match: { path: "." } });
    expect((await sandbox.admin("GET", "health")).status).toBe(200);
    await sandbox.close();
    const again = await startTestSandbox({ home: sandbox.home });
    const client = await connectProvider(again);
    expect((await client.requestAccount()).status).toBe(200);
  });

  it.each([
    [{ kind: "explode" }],
    [{ kind: "slow", ms: -1 }],
    [{ kind: "refuse", nth: 0 }],
    [{ kind: "refuse", times: 1.5 }],
    [{ kind: "refuse", match: { path: "(" } }],
    [{ kind: "refuse", layer: "execution" }],
    [{ kind: "refuse", often: true }],
  ])("refuses the rule %j", async (rule) => {
    const sandbox = await startTestSandbox();
    const answer = await sandbox.admin("POST", "faults", { match: { path: PATH }, ...rule });
    expect(answer.status).toBe(400);
  });
});
