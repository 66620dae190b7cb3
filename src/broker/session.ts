import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { Verb } from "../compiler/vocabulary.ts";
import {
  DELEGATION_DEPTH_MAX,
  DELEGATION_SECONDS_MAX,
  type Delegation,
} from "../permissions/delegation.ts";
import type { BrokerRequest } from "./protocol.ts";
import type { Random } from "./random.ts";

/** What a client of the socket may ask for: one run of one stack, some verbs, and less for every sub-agent in between. */
export interface Caller {
  readonly project: string;
  readonly stack: string;
  readonly verbs: readonly BrokerRequest["verb"][];
  /** Outermost first; empty for the run's own subject. */
  readonly delegations: readonly Delegation[];
  /** Milliseconds since the epoch; also the end of what is made for a sub-agent. */
  readonly expiresAt: number;
}

/** What a sub-agent is to get of its parent's rights. */
export interface DelegationRequest extends Delegation {
  readonly verbs?: readonly Verb[] | undefined;
  /** At most 900; never beyond the parent's own end. */
  readonly ttlSeconds: number;
}

/** A request as it came over the socket. */
export interface SignedRequest {
  readonly path: string;
  readonly session: string;
  /** Fresh for every request. */
  readonly nonce: string;
  /** base64url. */
  readonly signature: string;
  readonly body: string;
}

/** The longest that a run's clients may ask, seconds. */
export const SESSION_SECONDS = 3600;

/** More requests than any stack makes in one run. */
const NONCES_MAX = 100_000;

/** Who is known to a broker's socket. Everything ends with the run, because it is nowhere else than here. */
export interface SessionBook {
  /** A secret that opens one session, once. */
  issueTicket(caller: Omit<Caller, "expiresAt" | "delegations">): string;
  /** Opens the session of a ticket for the holder of a key (Ed25519, 32 bytes, base64url); undefined for a ticket that is not good any more. */
  open(ticket: string, publicKey: string): string | undefined;
  /** Who signed a request; undefined when it is nobody, too late, or a repetition. */
  authenticate(request: SignedRequest): Caller | undefined;
  /** A ticket for a sub-agent; undefined when the line of sub-agents is too long or the time is over. */
  delegate(
    parent: Caller,
    request: DelegationRequest,
  ): { readonly ticket: string; readonly expiresAt: number } | undefined;
}

interface Session {
  readonly caller: Caller;
  readonly key: KeyObject;
  readonly nonces: Set<string>;
}

/** Keeps tickets by their digests only. */
export function createSessionBook(now: () => number, random: Random): SessionBook {
  const tickets = new Map<string, Caller>();
  const sessions = new Map<string, Session>();
  const draw = (): string => Buffer.from(random.bytes(32)).toString("base64url");
  const issue = (caller: Caller): string => {
    const ticket = draw();
    tickets.set(digest(ticket), caller);
    return ticket;
  };
  return {
    issueTicket: (caller) =>
      issue({ ...caller, delegations: [], expiresAt: now() + SESSION_SECONDS * 1000 }),
    open(ticket, publicKey) {
      const name = digest(ticket);
      const caller = tickets.get(name);
      tickets.delete(name);
      const key = readKey(publicKey);
      if (caller === undefined || key === undefined || now() >= caller.expiresAt) return undefined;
      const id = draw();
      sessions.set(id, { caller, key, nonces: new Set() });
      return id;
    },
    authenticate(request) {
      const session = sessions.get(request.session);
      if (session === undefined || now() >= session.caller.expiresAt) return undefined;
      const { nonces, key, caller } = session;
      if (nonces.has(request.nonce) || nonces.size >= NONCES_MAX) return undefined;
      const signature = Buffer.from(request.signature, "base64url");
      if (!verify(null, signingInput(request), key, signature)) return undefined;
      nonces.add(request.nonce);
      return caller;
    },
    delegate(parent, { ttlSeconds, ...delegation }) {
      if (parent.delegations.length >= DELEGATION_DEPTH_MAX) return undefined;
      const wanted = now() + Math.min(ttlSeconds, DELEGATION_SECONDS_MAX) * 1000;
      const expiresAt = Math.min(wanted, parent.expiresAt);
      if (expiresAt <= now()) return undefined;
      const delegations = [...parent.delegations, delegation];
      return { ticket: issue({ ...parent, delegations, expiresAt }), expiresAt };
    },
  };
}

/** The bytes that a client signs: a request is good for one path, one session, one time and one body. */
export function signingInput({
  path,
  session,
  nonce,
  body,
}: Omit<SignedRequest, "signature">): Buffer {
  return Buffer.from(["supercargo-broker-v1", path, session, nonce, digest(body)].join("\n"));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function readKey(x: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  } catch {
    return undefined;
  }
}
