import { memberAt, textAt } from "../../util/json-access.ts";
import { sha256 } from "../../util/sha256.ts";
import type { AccountRecord, SandboxContext } from "../context.ts";
import { readSession } from "../orchestrator/create-orchestrator.ts";
import type { OrchestratorIdentity } from "../orchestrator/identities.ts";
import { revokeBearer } from "../providers/bearer-credentials.ts";
import type { CliRecords, LinkRecord, ProjectRecord } from "./cli-records.ts";
import type { ProviderLine } from "./provider-line.ts";

/** What Stripe's side works with. */
export interface StripeSide {
  readonly context: SandboxContext;
  readonly identity: OrchestratorIdentity;
  readonly records: CliRecords;
  readonly line: ProviderLine;
}

/** A project that can use its account now, or why it can't. */
export type Linked =
  | { readonly kind: "linked"; readonly link: LinkRecord; readonly accessToken: string }
  | { readonly kind: "consent"; readonly url: string }
  | { readonly kind: "denied" | "failed" };

const MARGIN_MS = 60_000;

/** Whether the person has an account at the provider that this project is not linked to: a person must consent then. */
export function needsConsent(side: StripeSide, project: ProjectRecord, provider: string): boolean {
  const link = side.records.links.get(`${project.id}/${provider}`);
  if (link?.sealedCredentials !== undefined && link.sealedCredentials !== null) return false;
  return hasAccount(side, project, provider);
}

export function hasAccount({ context }: StripeSide, project: ProjectRecord, provider: string) {
  const accounts = context.store.collection<AccountRecord>("accounts").list();
  return accounts.some(
    (one) => one.provider === provider && one.email.toLowerCase() === project.person && !one.closed,
  );
}

/** Links a project to the person's account, which is made where there is none; refreshes credentials that are nearly over. */
export async function linkAccount(
  side: StripeSide,
  project: ProjectRecord,
  provider: string,
): Promise<Linked> {
  const { context, records, identity, line } = side;
  const id = `${project.id}/${provider}`;
  const known = records.links.get(id) ?? beginLink(context);
  if (known.sealedCredentials !== null && known.expiresAt > context.now() + MARGIN_MS) {
    const { accessToken } = JSON.parse(context.unseal(known.sealedCredentials));
    return { kind: "linked", link: known, accessToken };
  }
  records.links.put(id, known);
  const secret = sha256(`${identity.signingSecret} ${known.requestId}`);
  if (readSession(context, identity.id, secret).status === "refused") {
    records.links.put(id, beginLink(context));
    return { kind: "denied" };
  }
  const answer = await line({
    ...{ provider, method: "POST", path: "/provisioning/account_requests" },
    body: {
      ...{ id: known.requestId, object: "account_request", email: project.person },
      ...{ name: project.name, scopes: [], client_capabilities: ["browser"] },
      confirmation_secret: secret,
      expires_at: new Date(context.now() + 3_600_000).toISOString(),
      orchestrator: { type: identity.id, [identity.id]: { account: identity.account } },
    },
  });
  const url = textAt(answer?.body, ["requires_auth", "redirect", "url"]);
  if (url !== undefined) return { kind: "consent", url };
  const code = textAt(answer?.body, ["oauth", "code"]);
  const form = { grant_type: "authorization_code", code: code ?? "" };
  const bearer =
    code === undefined
      ? memberAt(answer?.body, "credentials", "bearer")
      : (await line({ provider, method: "POST", path: "/oauth/token", form }))?.body;
  return keepLink(side, id, known, bearer);
}

function beginLink(context: SandboxContext): LinkRecord {
  const requestId = `creq_${context.random(12)}`;
  return {
    requestId,
    accountId: null,
    sealedCredentials: null,
    expiresAt: 0,
    sealedPayment: null,
  };
}

function keepLink(
  { context, records }: StripeSide,
  id: string,
  known: LinkRecord,
  bearer: unknown,
): Linked {
  const accessToken = textAt(bearer, ["access_token"]);
  const accountId = textAt(bearer, ["account", "id"]);
  const seconds = memberAt(bearer, "expires_in");
  if (accessToken === undefined || accountId === undefined || typeof seconds !== "number")
    return { kind: "failed" };
  const link: LinkRecord = {
    ...known,
    accountId,
    sealedCredentials: context.seal(JSON.stringify({ accessToken })),
    expiresAt: context.now() + seconds * 1000,
  };
  records.links.put(id, link);
  return { kind: "linked", link, accessToken };
}

/** Ends a project's link and the credentials that it gave; what is at the provider stays there and is listed no more. False when there is none. */
export function unlinkAccount(
  { context, records, identity }: StripeSide,
  project: ProjectRecord,
  provider: string,
): boolean {
  const id = `${project.id}/${provider}`;
  const link = records.links.get(id);
  if (link === undefined || link.sealedCredentials === null) return false;
  const { accessToken } = JSON.parse(context.unseal(link.sealedCredentials));
  return context.store.transaction(() => {
    revokeBearer(context, accessToken, { provider, orchestrator: identity.id });
    records.links.put(id, beginLink(context));
    for (const row of records.rows.list())
      if (row.project === project.id && row.provider === provider)
        records.rows.delete(`${project.id}/${row.name}`);
    return true;
  });
}
