import { memberAt, textAt } from "../../../util/json-access.ts";
import type { Secret } from "../../../util/secret.ts";
import { callGoogle } from "./call-google.ts";
import type { GoogleFailure, GooglePlace } from "./google-place.ts";

const NOT_LINKED: GoogleFailure = { kind: "refused", code: "billing_not_linked" };

/**
 * Links a project to the billing account, unless it is, and reads back that it is and that it is billed. A link to another account is somebody's decision and is left
 * alone: `billing_elsewhere`. With `looksOnly` nothing is linked.
 */
export async function linkBilling(
  place: GooglePlace,
  token: Secret,
  projectId: string,
  looksOnly: boolean,
): Promise<"linked" | GoogleFailure> {
  const url = `${place.billingUrl}/v1/projects/${projectId}/billingInfo`;
  const { billingAccount: billingAccountName } = place;
  const before = await readLink(place, token, url);
  if (before.kind !== "link") return before;
  const isOurs = before.account === billingAccountName;
  if (isOurs && before.isEnabled) return "linked";
  if (!isOurs && before.account !== "") return { kind: "refused", code: "billing_elsewhere" };
  if (looksOnly) return NOT_LINKED;
  const sent = await callGoogle(place, token, "PUT", url, { billingAccountName });
  if (sent.kind !== "ok") return sent;
  const after = await readLink(place, token, url);
  if (after.kind !== "link") return after;
  return after.account === billingAccountName && after.isEnabled ? "linked" : NOT_LINKED;
}

/** The account that a project is billed to, empty where there is none; not enabled where that account is closed. */
async function readLink(place: GooglePlace, token: Secret, url: string) {
  const answer = await callGoogle(place, token, "GET", url);
  if (answer.kind !== "ok") return answer;
  const account = textAt(answer.result, ["billingAccountName"]) ?? "";
  const isEnabled = memberAt(answer.result, "billingEnabled") === true;
  return { kind: "link", account, isEnabled } as const;
}
