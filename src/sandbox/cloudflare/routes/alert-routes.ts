import type { AlertPolicyRecord } from "../account-records.ts";
import type { Api } from "../api.ts";
import { type Body, flag, isBody, text } from "../body-fields.ts";
import { fail, succeed } from "../envelope.ts";
import type { Call, Route } from "../route.ts";

const READ = ["Notifications Read", "Notifications Write", "Account Settings Read"] as const;
const WRITE = ["Notifications Write", "Account Settings Write"] as const;
const BASE = "/accounts/:account/alerting/v3/policies";

/** Notification policies, kept and answered; the sandbox sends nobody a message (API docs, Alerting, Policies). */
export function alertRoutes(api: Api): readonly Route[] {
  const { alertPolicies } = api.records;
  const withPolicy =
    (work: (policy: AlertPolicyRecord, call: Call) => Response) => (call: Call) => {
      const policy = alertPolicies.get(call.params.policy ?? "");
      return policy?.accountId === call.accountId
        ? work(policy, call)
        : fail(404, 17_004, "The policy does not exist.");
    };
  const one = `${BASE}/:policy`;
  return [
    {
      method: "GET",
      path: BASE,
      needs: READ,
      handle: ({ accountId }) =>
        succeed(
          alertPolicies
            .list()
            .filter((policy) => policy.accountId === accountId)
            .map(printPolicy),
        ),
    },
    { method: "POST", path: BASE, needs: WRITE, handle: (call) => put(api, call, undefined) },
    {
      method: "GET",
      path: one,
      needs: READ,
      handle: withPolicy((policy) => succeed(printPolicy(policy))),
    },
    {
      method: "PUT",
      path: one,
      needs: WRITE,
      handle: withPolicy((policy, call) => put(api, call, policy)),
    },
    {
      method: "DELETE",
      path: one,
      needs: WRITE,
      handle: withPolicy((policy) => {
        alertPolicies.delete(policy.id);
        return succeed(null);
      }),
    },
  ];
}

function printPolicy({ id, created, modified, fields }: AlertPolicyRecord): object {
  return { ...fields, id, created, modified, enabled: flag(fields, "enabled") ?? true };
}

function put(
  api: Api,
  { accountId, body }: Call,
  earlier: AlertPolicyRecord | undefined,
): Response {
  if (!isBody(body) || !isComplete(body))
    return fail(400, 17_001, "name, alert_type and mechanisms are needed");
  const now = api.timestamp();
  const policy = {
    id: earlier?.id ?? api.newUuid(),
    accountId,
    created: earlier?.created ?? now,
    modified: now,
    fields: body,
  };
  api.records.alertPolicies.put(policy.id, policy);
  return succeed(printPolicy(policy));
}

function isComplete(body: Body): boolean {
  return (
    Boolean(text(body, "name")) && Boolean(text(body, "alert_type")) && isBody(body.mechanisms)
  );
}
