import type { Json } from "../../util/canonical-json.ts";
import type { AccountRecord, BearerRecord, SandboxContext } from "../context.ts";
import { shareProfile, withdrawProfile } from "./payment-profile.ts";
import { printPage } from "./print-page.ts";
import { type ProvisioningAnswer, refuseProvisioning } from "./provisioning-answer.ts";
import type { ProvisioningCall } from "./provisioning-call.ts";

/** A link between a connected account and an account at a provider. Collection `provider-connections`, by id. */
export interface ConnectionRecord {
  readonly id: string;
  readonly connectedAccount: string;
  readonly provider: string;
  readonly accountId: string;
  readonly linkAction: "created" | "linked_existing";
  readonly createdAt: string;
  readonly isUnlinked: boolean;
}

/** The connection in force at a provider. */
export function findActive(
  { context, connectedAccount }: Pick<ProvisioningCall, "context" | "connectedAccount">,
  provider: string,
): ConnectionRecord | undefined {
  return listConnections(context)
    .list()
    .find(
      (one) =>
        one.connectedAccount === connectedAccount && one.provider === provider && !one.isUnlinked,
    );
}

/** Connects an account that was opened or linked, which is paid for with the payment profile from then on. */
export function connect(
  call: ProvisioningCall,
  provider: string,
  accountId: string,
  linkAction: ConnectionRecord["linkAction"],
): ConnectionRecord {
  const { context, connectedAccount } = call;
  const connection: ConnectionRecord = {
    ...{ id: `prvcn_1${context.random(8)}`, connectedAccount, provider, accountId, linkAction },
    createdAt: new Date(context.now()).toISOString(),
    isUnlinked: false,
  };
  listConnections(context).put(connection.id, connection);
  shareProfile(call, provider, accountId);
  return connection;
}

/** `GET /provider_connections`. */
export function showConnections(call: ProvisioningCall): ProvisioningAnswer {
  const own = listConnections(call.context)
    .list()
    .filter(({ connectedAccount }) => connectedAccount === call.connectedAccount);
  return printPage(
    call.url,
    own.map((one) => printConnection(call.context, one)),
  );
}

/** `POST /provider_connections/:id/unlink`: the account stays, and what Stripe got for it dies. */
export function unlinkConnection(call: ProvisioningCall, id: string): ProvisioningAnswer {
  const { context, connectedAccount, orchestrator } = call;
  const known = listConnections(context).get(id);
  if (known?.connectedAccount !== connectedAccount) return refuseProvisioning(404, "not_found");
  const { provider, accountId } = known;
  if (!known.isUnlinked) {
    const bearers = context.store.collection<BearerRecord>("bearers");
    for (const bearer of bearers.list())
      if (
        bearer.provider === provider &&
        bearer.accountId === accountId &&
        bearer.orchestrator === orchestrator.id
      )
        bearers.put(bearer.tokenHash, { ...bearer, revoked: true });
    withdrawProfile(context, provider, accountId);
  }
  const unlinked = { ...known, isUnlinked: true };
  listConnections(context).put(id, unlinked);
  return { status: 200, body: printConnection(context, unlinked) };
}

/** The wire form. It never tells whose account it is, which Stripe need not do. */
export function printConnection(context: SandboxContext, connection: ConnectionRecord): Json {
  const { id, provider, accountId, createdAt, linkAction, isUnlinked } = connection;
  const account = context.store
    .collection<AccountRecord>("accounts")
    .get(`${provider}/${accountId}`);
  return {
    id,
    object: "v2.provisioning.provider_connection",
    ...{ created: createdAt, livemode: false, provider },
    provider_account: accountId,
    provider_account_details: {
      ...{ id: accountId, active_services: [], active_services_provided: false },
      display_name: account?.name ?? "",
      link_action: linkAction,
    },
    status: isUnlinked || account?.closed !== false ? "expired" : "active",
  };
}

function listConnections({ store }: SandboxContext) {
  return store.collection<ConnectionRecord>("provider-connections");
}
