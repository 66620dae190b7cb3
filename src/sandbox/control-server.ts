import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { CallCounts } from "./call-counts.ts";
import { buildFailureAnswer } from "./failure-answer.ts";
import type { FaultEntry, FaultKind, Faults } from "./faults.ts";
import { type BufferedRequest, bufferRequest, readUrl, sendResponse } from "./fetch-bridge.ts";

/** The largest body taken: an app's bundle with assets. */
const BODY_BYTES_MAX = 128 * 1024 * 1024;

/** How often a surface handles a request that a fault struck. */
const TIMES_HANDLED: Readonly<Record<FaultKind, number>> = {
  refuse: 0,
  hang: 0,
  status500: 0,
  "status500-after": 1,
  status429: 0,
  "drop-after": 1,
  duplicate: 2,
  slow: 1,
  malformed: 1,
  "other-schema": 0,
  foreign: 1,
};

interface Parts {
  readonly faults: Faults;
  readonly calls: CallCounts;
  /** Always answers; a throw is a bug and becomes 500. */
  readonly dispatch: (request: Request, url: URL) => Promise<Response>;
  /** One line about a bug. */
  readonly log: (line: string) => void;
}

/** The HTTP server in front of all surfaces. Faults and call counts act here, on every path but `/sandbox/`. Not listening yet. */
export function createControlServer(parts: Parts): Server {
  return createServer((incoming, outgoing) => {
    serve(parts, incoming, outgoing).catch((error: unknown) => {
      parts.log(`control server: ${error instanceof Error ? error.stack : String(error)}`);
      outgoing.destroy();
    });
  });
}

async function serve(
  parts: Parts,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const path = readUrl(incoming).pathname;
  const method = incoming.method ?? "GET";
  const isAdmin = path.startsWith("/sandbox/");
  const fault = isAdmin ? undefined : parts.faults.take({ method, path, layer: "edge" });
  if (!isAdmin)
    parts.calls.count(method, path, fault === undefined ? 1 : TIMES_HANDLED[fault.kind]);
  if (fault?.kind === "refuse") return void incoming.socket.destroy();
  if (fault?.kind === "hang") return parts.faults.onClear(() => incoming.socket.destroy());

  const request = await bufferRequest(incoming, BODY_BYTES_MAX);
  if (request === undefined) {
    outgoing.setHeader("connection", "close");
    return sendResponse(buildFailureAnswer(path, 413), outgoing);
  }
  if (fault === undefined) return sendResponse(await handle(parts, request), outgoing);
  return serveFaulty(parts, fault, request, outgoing);
}

async function serveFaulty(
  parts: Parts,
  fault: FaultEntry,
  request: BufferedRequest,
  outgoing: ServerResponse,
): Promise<void> {
  const path = request.url.pathname;
  if (fault.kind === "status500") return sendResponse(buildFailureAnswer(path, 500), outgoing);
  if (fault.kind === "status429") return sendResponse(buildFailureAnswer(path, 429), outgoing);
  if (fault.kind === "other-schema")
    return sendResponse(Response.json({ object: "list", data: [], has_more: false }), outgoing);
  if (fault.kind === "slow") await sleep(fault.ms);
  if (fault.kind === "duplicate") await handle(parts, request);
  const response = await handle(parts, request);
  if (fault.kind === "drop-after") return void outgoing.destroy();
  if (fault.kind === "status500-after")
    return sendResponse(buildFailureAnswer(path, 500), outgoing);
  if (fault.kind === "foreign")
    return sendResponse(response, outgoing, swapIdentities(await response.text()));
  if (fault.kind !== "malformed") return sendResponse(response, outgoing);
  const text = await response.text();
  return sendResponse(response, outgoing, text.slice(0, Math.floor(text.length / 2)) || "{");
}

/** Whoever the answer is about, it is about somebody else now. */
function swapIdentities(text: string): string {
  return text.replace(
    /"(id|domain_name|orchestrator_resource_id)":"[^"]*"/g,
    '"$1":"somebody-else"',
  );
}

async function handle(parts: Parts, request: BufferedRequest): Promise<Response> {
  try {
    return await parts.dispatch(request.build(), request.url);
  } catch (error) {
    parts.log(`surface: ${error instanceof Error ? error.stack : String(error)}`);
    return buildFailureAnswer(request.url.pathname, 500);
  }
}
