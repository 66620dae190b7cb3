import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SellerEntry } from "../../src/sandbox/admin.ts";
import type { Books } from "../../src/sandbox/books.ts";
import { createCloudflareAccess } from "../../src/sandbox/cloudflare/access/create-cloudflare-access.ts";
import { createCloudflareApi } from "../../src/sandbox/cloudflare/create-cloudflare-api.ts";
import type { SandboxConnection } from "../../src/sandbox/connection.ts";
import type { SandboxContext, Surface } from "../../src/sandbox/context.ts";
import type { DataPlane } from "../../src/sandbox/data-plane/data-plane.ts";
import { startSandbox } from "../../src/sandbox/start-sandbox.ts";

/** A sandbox in this process, driven from outside as any client would. */
export interface SandboxHarness {
  readonly connection: SandboxConnection;
  books(): Promise<Books>;
  /** Strikes the next matching request, whatever its method where none is given; see the sandbox's fault kinds. */
  fault(
    kind: string,
    method: string | undefined,
    path: string,
    times?: number | null,
    nth?: number,
  ): Promise<void>;
  /** Strikes every matching request until {@link endFaults}. */
  outage(kind: string, path: string): Promise<void>;
  endFaults(): Promise<void>;
  /** Takes back all that the provider issued to orchestrators. */
  revokeCredentials(provider: string): Promise<void>;
  /** The provider's own key at the issuer. */
  sellerKey(provider: string): Promise<string>;
  settings(provider: string, change: Readonly<Record<string, unknown>>): Promise<void>;
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts one in a folder of its own. Without `withCloudflare` there is no Cloudflare API, hence no workerd; with `idle` there is the API, and nothing runs. */
export async function startHarness(
  withCloudflare: boolean | "idle" = false,
): Promise<SandboxHarness> {
  const home = mkdtempSync(join(tmpdir(), "sc-sandbox-"));
  const none = async (): Promise<readonly Surface[]> => [];
  const idle = async (context: SandboxContext): Promise<readonly Surface[]> => [
    createCloudflareAccess(context),
    createCloudflareApi(context, {
      apply: () => undefined,
      close: async () => undefined,
    } as unknown as DataPlane),
  ];
  const startVendors = withCloudflare === "idle" ? idle : none;
  const sandbox = await startSandbox({
    home,
    ...(withCloudflare === true ? {} : { startVendors }),
  });
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${sandbox.controlUrl}/sandbox/${path}`, {
      method,
      headers: { "x-sandbox-admin": sandbox.adminToken, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${path}`);
    return response.json();
  };
  return {
    connection: (await call("GET", "connection")) as SandboxConnection,
    books: async () => (await call("GET", "books")) as Books,
    fault: async (kind, method, path, times = 1, nth = 1) => {
      await call("POST", "faults", { match: { method, path }, kind, times, nth });
    },
    outage: async (kind, path) => {
      await call("POST", "faults", { match: { path }, kind, times: null });
    },
    endFaults: async () => {
      await call("DELETE", "faults");
    },
    revokeCredentials: async (provider) => {
      await call("POST", `providers/${provider}/revocations`);
    },
    async sellerKey(provider) {
      const sellers = (await call("GET", "sellers")) as Readonly<Record<string, SellerEntry>>;
      return sellers[provider]?.secretKey ?? "";
    },
    settings: async (provider, change) => {
      await call("POST", `providers/${provider}`, change);
    },
    advance: async (advanceMs) => {
      await call("POST", "clock", { advanceMs });
    },
    async close() {
      await sandbox.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
