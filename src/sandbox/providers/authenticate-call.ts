import { sha256 } from "../../util/sha256.ts";
import type { AccountRecord, BearerRecord } from "../context.ts";
import type { OrchestratorIdentity } from "../orchestrator/identities.ts";
import type { ProviderCall } from "./provider-call.ts";
import { verifySignatureV1, verifySignatureV2 } from "./verify-signature.ts";

/** The orchestrator whose valid signature the call bears, V2 included when it is sent or needed. */
export function findSigner(
  identities: readonly OrchestratorIdentity[],
  call: {
    readonly request: Request;
    readonly url: URL;
    readonly body: string;
    /** The machine's time in milliseconds. */
    readonly now: number;
    readonly needsV2: boolean;
  },
): OrchestratorIdentity | undefined {
  const { request, body, url, now, needsV2 } = call;
  const header = request.headers.get("stripe-signature") ?? "";
  const signer = identities.find(({ signingSecret: secret }) =>
    verifySignatureV1({ header, body, secret, now }),
  );
  const jwt = request.headers.get("stripe-signature-v2");
  if (signer === undefined || (jwt === null && !needsV2)) return signer;
  const isValid = verifySignatureV2({
    jwt: jwt ?? "",
    method: request.method,
    url: url.href,
    body,
    findKey: (keyId) => (keyId === signer.keyId ? signer.publicKey : undefined),
    now,
  });
  return isValid ? signer : undefined;
}

/** The account of a bearer that is valid now; `forbidden` when it was given to another orchestrator. */
export function findAccount(
  call: ProviderCall,
  authorization: string | null,
): AccountRecord | "forbidden" | undefined {
  const { store, now } = call.context;
  const scheme = call.jkt === undefined ? "Bearer" : "DPoP";
  const [, named = "", token = ""] = /^(\w+) +(\S+)$/.exec(authorization ?? "") ?? [];
  if (named.toLowerCase() !== scheme.toLowerCase()) return undefined;
  const bearer = store.collection<BearerRecord>("bearers").get(sha256(token));
  if (bearer === undefined || bearer.revoked || Date.parse(bearer.expiresAt) <= now())
    return undefined;
  if (bearer.provider !== call.provider || bearer.jkt !== call.jkt) return undefined;
  if (bearer.orchestrator !== call.orchestrator.id) return "forbidden";
  const account = store
    .collection<AccountRecord>("accounts")
    .get(`${call.provider}/${bearer.accountId}`);
  return account?.closed === false ? account : undefined;
}
