import { sha256 } from "../../util/sha256.ts";
import type { AccountRecord, SandboxContext } from "../context.ts";
import { refuseNeon } from "./neon-answer.ts";
import {
  type NeonRegistration,
  type NeonToken,
  neonRegistrations,
  readNeonState,
} from "./neon-records.ts";

const LIFE_MS = 72 * 3_600_000;
const TOKEN_SECONDS = 3_600;
const JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** `POST /v1/agent/identity`: a project of nobody at once, and the assertion that opens it. There is no idempotency key: each call makes one. */
export function registerAgent(context: SandboxContext, body: unknown): Response {
  const { store, now, random } = context;
  const { type, capabilities } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (type !== "anonymous" || !Array.isArray(capabilities)) return refuseNeon("invalid_request");
  const project = `quiet-fog-${random(4)}`;
  const assertion = context.mintSecret("neon identity assertion", "eyJ");
  const password = context.mintSecret("neon/postgres password", "npg_");
  const url = `postgresql://neondb_owner:${password}@ep-${project}.neon.test:5432/neondb?sslmode=require`;
  const registration: NeonRegistration = {
    id: `reg_${random(12)}`,
    project,
    branch: `br-${random(6)}`,
    createdAt: new Date(now()).toISOString(),
    expiresAt: now() + LIFE_MS,
    state: "unclaimed",
    assertionHash: sha256(assertion),
    isRevoked: false,
    sealedUrl: context.seal(url),
    isPulled: false,
    code: null,
  };
  neonRegistrations(store).put(project, registration);
  store.collection<AccountRecord>("accounts").put(`neon/${project}`, {
    ...{ provider: "neon", accountId: project, email: "", name: "Claimable" },
    requestId: registration.id,
    createdAt: registration.createdAt,
    closed: false,
  });
  const expires_at = new Date(registration.expiresAt).toISOString();
  return Response.json(
    {
      ...{ registration_id: registration.id, identity_assertion: assertion },
      assertion_expires: Math.floor(registration.expiresAt / 1000),
      project: { id: project, branch_id: registration.branch, expires_at },
      capabilities: capabilities.map((capability) => ({
        capability,
        granted: capability === "postgres",
      })),
    },
    { status: 201 },
  );
}

/** `POST /v1/oauth2/token`: a token for an hour, as long as the assertion is good. */
export function exchangeAssertion(
  { store, now, mintSecret }: SandboxContext,
  body: string,
): Response {
  const form = new URLSearchParams(body);
  if (form.get("grant_type") !== JWT_BEARER) return refuseNeon("invalid_request");
  const hash = sha256(form.get("assertion") ?? "");
  const found = neonRegistrations(store)
    .list()
    .find(({ assertionHash }) => assertionHash === hash);
  if (found === undefined || found.isRevoked || found.state !== "unclaimed")
    return refuseNeon("invalid_grant");
  if (readNeonState(found, now()) === "expired") return refuseNeon("project_expired");
  const access_token = mintSecret("neon access token", "eyJ");
  const expiresAt = now() + TOKEN_SECONDS * 1000;
  store
    .collection<NeonToken>("neon-tokens")
    .put(sha256(access_token), { project: found.project, expiresAt });
  return Response.json({ access_token, token_type: "Bearer", expires_in: TOKEN_SECONDS });
}

/** `POST /v1/oauth2/revoke`: an assertion or a token; 200 for unknown ones, too. */
export function revokeNeonToken({ store }: SandboxContext, body: string): Response {
  const hash = sha256(new URLSearchParams(body).get("token") ?? "");
  store.collection<NeonToken>("neon-tokens").delete(hash);
  const registrations = neonRegistrations(store);
  for (const one of registrations.list())
    if (one.assertionHash === hash) registrations.put(one.project, { ...one, isRevoked: true });
  return new Response(null, { status: 200 });
}
