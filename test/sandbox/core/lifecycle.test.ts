import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { findSandbox, spawnSandbox } from "../../../src/sandbox/connect-sandbox.ts";
import { listen } from "../../../src/sandbox/listen.ts";
import { readSandboxFile } from "../../../src/sandbox/sandbox-file.ts";
import { startSandbox } from "../../../src/sandbox/start-sandbox.ts";
import { connectProvider } from "./support/provider-client.ts";
import { makeHome, startTestSandbox } from "./support/test-sandbox.ts";

const noVendors = { startVendors: async () => [] };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let round = 0; round < 2_400; round += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("it did not happen in a minute");
}

describe("a home", () => {
  it("keeps ports, admin token, secrets, accounts and clock over a restart", async () => {
    const first = await startTestSandbox();
    const client = await connectProvider(first);
    const { bearer } = await client.connect();
    await first.advance(86_400_000);
    const [books, connection] = [await first.books(), await first.connection()];
    await first.close();
    await first.close();
    const second = await startTestSandbox({ home: first.home });
    expect(second.controlUrl).toBe(first.controlUrl);
    expect(second.appPort).toBe(first.appPort);
    expect(second.adminToken).toBe(first.adminToken);
    expect(await second.connection()).toEqual(connection);
    expect(await second.books()).toEqual(books);
    expect(second.context.now()).toBeGreaterThan(Date.now() + 86_000_000);
    const again = await connectProvider(second);
    const answer = await again.call("GET", "/provisioning/resources/none", undefined, { bearer });
    expect(answer.body.error.code).toBe("not_found");
  });

  it("gives its files to the owner alone", async () => {
    const { home } = await startTestSandbox();
    expect(statSync(home).mode & 0o777).toBe(0o700);
    for (const name of ["sandbox.json", "sandbox.key", "minted-secrets.jsonl", "state.sqlite"])
      expect(statSync(join(home, name)).mode & 0o777, name).toBe(0o600);
  });

  it("has one sandbox at a time, and says whose it is", async () => {
    const first = await startTestSandbox();
    await expect(startSandbox({ home: first.home, ...noVendors })).rejects.toMatchObject({
      code: "home-in-use",
      message: expect.stringContaining(String(process.pid)),
    });
    expect((await first.admin("GET", "health")).status).toBe(200);
  });

  it.each(["control", "app"] as const)("says so when its %s port is taken", async (which) => {
    const first = await startTestSandbox();
    await first.close();
    const port = which === "app" ? first.appPort : Number(new URL(first.controlUrl).port);
    const squatter = createServer();
    await listen(squatter, port);
    onTestFinished(() => void squatter.close());
    const start = startSandbox({ home: first.home, ...noVendors });
    await expect(start).rejects.toMatchObject({
      code: "port-busy",
      message: expect.stringContaining(String(port)),
    });
    await new Promise((resolve) => squatter.close(resolve));
    await startTestSandbox({ home: first.home });
  });

  it("chooses its ports anew when its file is damaged, and refuses a damaged key", async () => {
    const first = await startTestSandbox();
    await first.close();
    writeFileSync(join(first.home, "sandbox.json"), "{");
    const second = await startTestSandbox({ home: first.home });
    await second.close();
    writeFileSync(join(first.home, "sandbox.key"), "short");
    const start = startSandbox({ home: first.home, ...noVendors });
    await expect(start).rejects.toMatchObject({ code: "damaged-home" });
  });

  it("frees everything when a vendor does not start", async () => {
    const home = makeHome();
    const failing = async () => {
      throw new Error("no workerd");
    };
    await expect(startSandbox({ home, startVendors: failing })).rejects.toThrow("no workerd");
    await startTestSandbox({ home });
  });
});

describe("a sandbox process", () => {
  it("is found by its clients and ends cleanly on SIGTERM", async () => {
    const home = makeHome();
    expect(await findSandbox(home)).toBeUndefined();
    const spawned = await spawnSandbox({ home, detached: true });
    onTestFinished(() => void (isAlive(spawned.pid) && process.kill(spawned.pid, "SIGKILL")));
    expect(await findSandbox(home)).toMatchObject({
      controlUrl: spawned.controlUrl,
      pid: spawned.pid,
    });
    await expect(spawnSandbox({ home, detached: true })).rejects.toMatchObject({
      code: "home-in-use",
    });
    await spawned.close();
    expect(isAlive(spawned.pid)).toBe(false);
    expect(await findSandbox(home)).toBeUndefined();
    expect(readSandboxFile(home)?.pid).toBeNull();
  });

  it("can be killed and taken over", async () => {
    const home = makeHome();
    const spawned = await spawnSandbox({ home, detached: true });
    process.kill(spawned.pid, "SIGKILL");
    await waitUntil(() => !isAlive(spawned.pid));
    expect(await findSandbox(home)).toBeUndefined();
    const next = await spawnSandbox({ home, detached: true });
    expect(next.controlUrl).toBe(spawned.controlUrl);
    await next.close();
  });

  it.each(["SIGKILL", "SIGTERM"] as const)("ends when its parent is gone by %s", async (signal) => {
    const home = makeHome();
    const module = fileURLToPath(
      new URL("../../../src/sandbox/connect-sandbox.ts", import.meta.url),
    );
    const program = `const { spawnSandbox } = await import(${JSON.stringify(module)});
      const { pid } = await spawnSandbox({ home: ${JSON.stringify(home)}, detached: false });
      console.log(pid); setInterval(() => {}, 1000);`;
    const parent = spawn(
      process.execPath,
      ["--no-warnings", "--input-type=module", "-e", program],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once("data", (data) => resolve(Number(String(data).trim())));
    });
    expect(await findSandbox(home)).toMatchObject({ pid });
    parent.kill(signal);
    await waitUntil(() => !isAlive(pid));
    expect(readSandboxFile(home)?.pid).toBeNull();
  });

  it("does not keep its parent alive", async () => {
    const home = makeHome();
    const module = fileURLToPath(
      new URL("../../../src/sandbox/connect-sandbox.ts", import.meta.url),
    );
    const program = `const { spawnSandbox } = await import(${JSON.stringify(module)});
      await spawnSandbox({ home: ${JSON.stringify(home)}, detached: false });`;
    const parent = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", program]);
    const code = await new Promise((resolve) => parent.once("exit", resolve));
    expect(code).toBe(0);
    await waitUntil(async () => readSandboxFile(home)?.pid === null);
  });

  it("gets no credentials from its parent's environment", async () => {
    process.env.CLOUDFLARE_API_TOKEN = "must-not-arrive";
    onTestFinished(() => {
      delete process.env.CLOUDFLARE_API_TOKEN;
    });
    const spawned = await spawnSandbox({ home: makeHome(), detached: false });
    onTestFinished(() => spawned.close());
    if (process.platform !== "linux") return;
    const environment = readFileSync(`/proc/${spawned.pid}/environ`, "utf8");
    expect(environment).toContain("PATH=");
    expect(environment).not.toContain("must-not-arrive");
  });
});
