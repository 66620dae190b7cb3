import type { Fetch } from "../../../util/fetch-json.ts";
import { listAt, memberAt, textAt } from "../../../util/json-access.ts";
import type { VendorClient } from "../contract.ts";
import { type CloudflareCall, createCloudflareCall, type Failure } from "./client-call.ts";
import { createRegistrarCalls } from "./client-registrar.ts";
import { createTokenCalls } from "./client-tokens.ts";

export interface CloudflareConnection {
  /** API base URL without a final slash, default `https://api.cloudflare.com/client/v4`. */
  readonly endpoint?: string | undefined;
}

export interface CloudflareOptions {
  readonly fetch: Fetch;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

const SUBDOMAIN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * The calls that need an account's own credential: tokens, registrar, the account's app domain.
 * Facts: https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/ and .../registrar/, SDK `cloudflare` 7.3.0.
 */
export function createCloudflareClient(
  connection: CloudflareConnection,
  options: CloudflareOptions,
): VendorClient {
  const endpoint = connection.endpoint ?? "https://api.cloudflare.com/client/v4";
  const call = createCloudflareCall(endpoint, options.fetch, options.timeout ?? 30_000);
  return {
    id: "cloudflare",
    endpoint,
    ...createTokenCalls(call, findZone),
    ...createRegistrarCalls(call, findZone),
    ...createAppDomainCalls(call),
  };
}

/** Looks a zone up by its name (`GET /zones?name=`). */
async function findZone(
  call: CloudflareCall,
  input: { readonly credential: Parameters<CloudflareCall>[0]["credential"]; accountId: string },
  name: string,
): Promise<
  { readonly kind: "found"; readonly id: string } | { readonly kind: "absent" } | Failure
> {
  const query = new URLSearchParams({ name, "account.id": input.accountId });
  const answer = await call({ credential: input.credential, path: `/zones?${query}` });
  if (answer.kind !== "result") return answer;
  const zone = listAt(answer.result)?.find((one) => memberAt(one, "name") === name);
  if (zone === undefined) return { kind: "absent" };
  const id = textAt(zone, ["id"], /^[A-Za-z0-9_-]{1,64}$/);
  return id === undefined ? { kind: "unknown", code: "malformed" } : { kind: "found", id };
}

/** An account has at most one subdomain of workers.dev (https://developers.cloudflare.com/api/resources/workers/subresources/subdomains/). */
function createAppDomainCalls(
  call: CloudflareCall,
): Required<Pick<VendorClient, "readAppDomain" | "claimAppDomain">> {
  const path = (accountId: string): string =>
    `/accounts/${encodeURIComponent(accountId)}/workers/subdomain`;
  return {
    async readAppDomain({ credential, accountId }) {
      const answer = await call({ credential, path: path(accountId) });
      if (answer.kind !== "result") return answer;
      const subdomain = textAt(answer.result, ["subdomain"], SUBDOMAIN);
      return subdomain === undefined
        ? { kind: "absent" }
        : { kind: "found", domain: `${subdomain}.workers.dev` };
    },
    async claimAppDomain({ credential, accountId, name }) {
      const body = { subdomain: name };
      const answer = await call({ credential, method: "PUT", path: path(accountId), body });
      if (answer.kind !== "result") return answer;
      const subdomain = textAt(answer.result, ["subdomain"], SUBDOMAIN);
      return subdomain === undefined
        ? { kind: "unknown", code: "malformed" }
        : { kind: "found", domain: `${subdomain}.workers.dev` };
    },
  };
}
