import type { JsonWebKey } from "node:crypto";

/** One's own identity provider, the platform that is its client, and one provider that trusts it. Secrets: never log. */
export interface SelfConnection {
  /** Manifest id, default `self`. */
  readonly orchestrator?: string | undefined;
  /** Issuer identifier of the identity provider; its metadata is found by it (OpenID Connect Discovery). */
  readonly issuer: string;
  readonly clientId: string;
  /** Private Ed25519 key with which the platform proves who it is (RFC 7523). */
  readonly clientKey: JsonWebKey;
  /**
   * How the platform knows who has signed in: `platform` by its own sessions, which it states with its key; `device` by a sign-in of the person
   * in a browser (RFC 8628), whose link is shown. Default `platform`.
   */
  readonly signIn?: "platform" | "device" | undefined;
  /** Base URL of the provider's provisioning endpoints; also the issuer identifier of its authorization server. */
  readonly providerUrl: string;
}
