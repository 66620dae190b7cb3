import type { Collection, SandboxStore } from "../context.ts";

/** An unclaimed project and the registration that made it. Collection `neon-registrations`, by project. */
export interface NeonRegistration {
  readonly id: string;
  readonly project: string;
  readonly branch: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Milliseconds; the project is gone from then on, unless it is claimed. */
  readonly expiresAt: number;
  readonly state: "unclaimed" | "claimed" | "deleted";
  readonly assertionHash: string;
  readonly isRevoked: boolean;
  readonly sealedUrl: string;
  /** Its credentials were pulled at least once. */
  readonly isPulled: boolean;
  /** The code that a person has to bring, hashed, and its end in milliseconds. */
  readonly code: { readonly hash: string; readonly expiresAt: number } | null;
}

/** A short-lived token. Collection `neon-tokens`, by SHA-256 of it. */
export interface NeonToken {
  readonly project: string;
  readonly expiresAt: number;
}

export function neonRegistrations(store: SandboxStore): Collection<NeonRegistration> {
  return store.collection<NeonRegistration>("neon-registrations");
}

/** Where a project stands by the sandbox's clock. */
export function readNeonState(
  { state, expiresAt }: NeonRegistration,
  now: number,
): NeonRegistration["state"] | "expired" {
  return state === "unclaimed" && expiresAt <= now ? "expired" : state;
}
