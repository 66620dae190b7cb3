import { memberAt, textAt } from "../../util/json-access.ts";
import type { AccountRecord, SandboxContext } from "../context.ts";
import { type AzureAlias, azureAliases } from "./azure-records.ts";
import type { AzureTenant } from "./derive-tenant.ts";
import { refuseAzure } from "./refuse-azure.ts";

/** Looks at a request, until it is done. */
const LOOKS = 2;

/** `GET` and `PUT` of a subscription's alias. A second `PUT` under a name is the first one again, whatever it says. */
export function answerAlias(
  context: SandboxContext,
  { billingScope }: AzureTenant,
  {
    method,
    alias,
    body,
  }: { readonly method: string; readonly alias: string; readonly body: unknown },
): Response {
  const aliases = azureAliases(context.store);
  const known = aliases.get(alias);
  if (method === "GET")
    return known === undefined
      ? refuseAzure(404, "NotFound")
      : Response.json(describeAlias(advance(context, known)));
  if (method !== "PUT") return refuseAzure(405, "MethodNotAllowed");
  if (known !== undefined)
    return Response.json(describeAlias(known), { status: known.state === "Accepted" ? 201 : 200 });
  const properties = memberAt(body, "properties");
  const displayName = textAt(properties, ["displayName"], /^[\w .-]{1,64}$/);
  const workload = textAt(properties, ["workload"], /^(?:Production|DevTest)$/);
  if (displayName === undefined || workload === undefined)
    return refuseAzure(400, "InvalidRequestContent");
  if (textAt(properties, ["billingScope"]) !== billingScope)
    return refuseAzure(403, "UserNotAuthorized");
  const made: AzureAlias = {
    ...{ alias, displayName, workload, billingScope, state: "Accepted", looks: 0, isSeen: false },
    tags: readTags(memberAt(properties, "additionalProperties", "tags")),
    subscriptionId: context
      .random(16)
      .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5"),
  };
  aliases.put(alias, made);
  return Response.json(describeAlias(made), { status: 201 });
}

/** What a look shows of a request; the second one, that it is done. */
function advance({ store, now }: SandboxContext, known: AzureAlias): AzureAlias {
  if (known.state === "Succeeded") return known;
  const looks = known.looks + 1;
  const next: AzureAlias = { ...known, looks, state: looks < LOOKS ? "Accepted" : "Succeeded" };
  azureAliases(store).put(next.alias, next);
  if (next.state === "Accepted") return next;
  store.collection<AccountRecord>("accounts").put(`azure/${next.subscriptionId}`, {
    ...{ provider: "azure", accountId: next.subscriptionId, email: "", name: next.displayName },
    ...{ requestId: next.alias, closed: false },
    createdAt: new Date(now()).toISOString(),
  });
  return next;
}

function describeAlias(known: AzureAlias) {
  const { alias, subscriptionId, displayName, state, billingScope, workload, tags } = known;
  return {
    id: `/providers/Microsoft.Subscription/aliases/${alias}`,
    name: alias,
    type: "Microsoft.Subscription/aliases",
    properties: {
      ...(state === "Succeeded" && { subscriptionId }),
      ...{ displayName, provisioningState: state, billingScope, workload, tags },
    },
  };
}

function readTags(value: unknown): AzureAlias["tags"] {
  if (typeof value !== "object" || value === null) return {};
  const texts = Object.entries(value as Readonly<Record<string, unknown>>).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}
