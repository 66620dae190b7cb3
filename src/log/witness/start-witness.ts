import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openNoteKey } from "../note-key.ts";
import { parseVerifierKey } from "../verify/signed-note.ts";
import { addCheckpoint, type Witness } from "./add-checkpoint.ts";
import { openWitnessStore } from "./witness-store.ts";

/** Where a witness listens. */
export type WitnessPlace =
  | { readonly socket: string }
  /** Port 0 takes a free one. */
  | { readonly host: string; readonly port: number };

export interface WitnessOptions {
  /** Folder of its key and of what it has seen; made when absent. Nobody who can write a log may write here. */
  readonly folder: string;
  readonly place: WitnessPlace;
  /** Verifier keys of logs that are to be known from now on; those of earlier starts stay known. */
  readonly logs: readonly string[];
  readonly now: () => number;
}

export interface RunningWitness {
  /** For whoever checks its cosignatures. */
  readonly verifierKey: string;
  /** Submission prefix; empty on a socket. */
  readonly url: string;
  close(): Promise<void>;
}

/** Why a witness does not start. */
export class WitnessStartError extends Error {
  override readonly name = "WitnessStartError";
  readonly code: "key-damaged" | "key-exposed" | "bad-log-key";
  constructor(code: WitnessStartError["code"]) {
    super(code);
    this.code = code;
  }
}

const BODY_BYTES_MAX = 65_536;

/** Starts a witness (https://c2sp.org/tlog-witness). Throws {@link WitnessStartError}, or what the file system throws. */
export async function startWitness(options: WitnessOptions): Promise<RunningWitness> {
  const { folder, place, logs, now } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const opened = openNoteKey(join(folder, "witness.key"), {
    ...{ kind: "witness", mayCreate: true, random: randomBytes },
  });
  if (!opened.ok)
    throw new WitnessStartError(opened.code === "exposed" ? "key-exposed" : "key-damaged");
  publishKey(join(folder, "verifier-key"), `${opened.key.verifierKey}\n`);
  const store = openWitnessStore(folder);
  try {
    for (const text of logs) {
      const key = parseVerifierKey(text);
      if (key?.kind !== "log") throw new WitnessStartError("bad-log-key");
      // A log that is known under another key stays what it was; its checkpoints are answered with 403.
      store.admit(key.name, text);
    }
    const witness = { store, key: opened.key, now };
    const server = createServer((request, response) => {
      serve(witness, request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      if ("socket" in place) server.listen(place.socket, resolve);
      else server.listen(place.port, place.host, resolve);
    });
    if ("socket" in place) chmodSync(place.socket, 0o600);
    return {
      verifierKey: opened.key.verifierKey,
      url: "socket" in place ? "" : urlOf(server.address() as AddressInfo),
      async close() {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        await closed;
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Puts the public key where `log verify` finds it, whole at any time: another process may be reading. */
function publishKey(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  writeFileSync(`${path}.${process.pid}`, text, { mode: 0o600 });
  renameSync(`${path}.${process.pid}`, path);
}

async function serve(
  witness: Witness,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://witness");
  if (request.method !== "POST" || pathname !== "/add-checkpoint")
    return send(response, 404, "text/plain; charset=utf-8", "not found\n");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return send(response, 400, "text/plain", "too large\n");
    chunks.push(chunk);
  }
  const answer = addCheckpoint(witness, Buffer.concat(chunks).toString("utf8"));
  send(response, answer.status, answer.type, answer.body);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}/`;
}
