import { generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { request as httpRequest } from "node:http";
import { type SignedRequest, signingInput } from "../../src/broker/session.ts";

export interface RawAnswer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Sends raw bytes to a socket; undefined when nobody listens. */
export function post(
  socketPath: string,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer | undefined> {
  return new Promise((resolve) => {
    const outgoing = httpRequest({ socketPath, path, method: "POST", headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += String(chunk);
      });
      response.on("end", () => resolve({ status: response.statusCode, body: text }));
    });
    outgoing.on("error", () => resolve(undefined));
    outgoing.end(body);
  });
}

/** A session whose key the test holds. */
export interface RawSession {
  readonly id: string;
  readonly key: KeyObject;
}

export async function openRaw(socket: string, ticket: string): Promise<RawSession | undefined> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "jwk" }).x;
  const answer = await post(socket, "/v1/sessions", JSON.stringify({ ticket, key }));
  const { session } = JSON.parse(answer?.body ?? "{}") as { session?: string };
  return session === undefined ? undefined : { id: session, key: privateKey };
}

export function signRaw({ id, key }: RawSession, path: string, body: string): SignedRequest {
  const unsigned = { path, session: id, nonce: randomUUID(), body };
  const signature = sign(null, signingInput(unsigned), key).toString("base64url");
  return { ...unsigned, signature };
}

/** Sends a signed request as it is. */
export function postSigned(
  socket: string,
  { path, session, nonce, signature, body }: SignedRequest,
): Promise<RawAnswer | undefined> {
  return post(socket, path, body, {
    "Supercargo-Session": session,
    "Supercargo-Nonce": nonce,
    "Supercargo-Signature": signature,
  });
}
