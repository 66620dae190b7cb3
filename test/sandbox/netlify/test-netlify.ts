import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxContext } from "../../../src/sandbox/context.ts";
import { createContainerHost } from "../../../src/sandbox/docker/container-host.ts";
import { bufferRequest, sendResponse } from "../../../src/sandbox/fetch-bridge.ts";
import {
  createNetlifyApi,
  type NetlifySurface,
} from "../../../src/sandbox/netlify/create-netlify-api.ts";
import {
  type NetlifyRecords,
  openNetlifyRecords,
} from "../../../src/sandbox/netlify/netlify-records.ts";
import { openNetlifyToken } from "../../../src/sandbox/netlify/netlify-token.ts";
import { startSandbox } from "../../../src/sandbox/start-sandbox.ts";

export interface TestNetlify {
  /** The API's base URL, where calls are counted. */
  readonly url: string;
  readonly token: string;
  readonly records: NetlifyRecords;
  readonly context: SandboxContext;
  /** What was asked that changes something, below the base URL, with its body. */
  readonly calls: { readonly call: string; readonly body: string }[];
  readonly surface: NetlifySurface;
  /** Called when the API has acted and before its answer leaves; its status goes in place of the answer's. */
  onAnswer: (call: string) => Promise<number | undefined>;
  close(): Promise<void>;
}

const BASE = "/netlify/api/v1";

/** A sandbox of Netlify alone, in this process. */
export async function startTestNetlify(): Promise<TestNetlify> {
  const home = mkdtempSync(join(tmpdir(), "supercargo-netlify-"));
  let context: SandboxContext | undefined;
  let surface: NetlifySurface | undefined;
  const sandbox = await startSandbox({
    home,
    async startVendors(given) {
      context = given;
      const host = await createContainerHost(given);
      surface = createNetlifyApi(given, host);
      return [surface, { handle: async () => undefined, close: host.close }];
    },
  });
  if (context === undefined || surface === undefined) throw new Error("nothing was started");
  const own = surface;
  const server = createServer(async (incoming, outgoing) => {
    const request = await bufferRequest(incoming, 1 << 26);
    if (request === undefined) return void outgoing.destroy();
    const call = `${incoming.method} ${request.url.pathname.slice(BASE.length)}`;
    if (incoming.method !== "GET") played.calls.push({ call, body: await request.build().text() });
    const answer = await own.handle(request.build(), request.url);
    const status = await played.onAnswer(call);
    const sent = status === undefined ? answer : new Response("canary-answer", { status });
    await sendResponse(sent ?? new Response(null, { status: 404 }), outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const played: TestNetlify = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`,
    token: openNetlifyToken(context),
    records: openNetlifyRecords(context.store),
    ...{ context, surface, calls: [] },
    onAnswer: async () => undefined,
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await sandbox.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return played;
}
