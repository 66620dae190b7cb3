import type { LeaseKind } from "../broker/protocol.ts";

/** Codes of the broker's closed list (`BROKER_ERRORS`) that also arise on our side of its socket. */
export const PROVIDER_CODES = {
  /** No answer, or one that does not keep the protocol. The act may have happened; the broker's journal knows. */
  unreachable: "broker_unreachable",
  /** The inputs name no known kind or no identity, or are of the wrong form. */
  invalidInputs: "bad_request",
  /** An input of a domain that cannot change was changed; a domain is never replaced. */
  domainImmutable: "immutable_input",
} as const;

const CODE = /^[a-z][a-z_]{1,63}$/;

/**
 * An error for the engine, built from closed words and a code alone. Pulumi prints the text of what a provider throws
 * in clear, so neither inputs nor texts of others may be in it; the stack, which Pulumi prints too, is empty.
 */
export function createProviderError(
  verb: string,
  kind: LeaseKind | undefined,
  code: string,
): Error {
  const shown = CODE.test(code) ? code : PROVIDER_CODES.unreachable;
  const error = new Error(`supercargo: ${verb} of ${kind ?? "resource"} failed with code ${shown}`);
  error.stack = "";
  return error;
}
