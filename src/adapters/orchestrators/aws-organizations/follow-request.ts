import { memberAt, textAt } from "../../../util/json-access.ts";
import type { AwsPlace } from "./call-aws.ts";
import { readOrganizations } from "./read-organizations.ts";

/** How a request to make an account ended; `failed` is certain, and its code AWS's reason in lower case. `forgotten`: AWS does not know it any more. */
export type RequestEnd =
  | { readonly kind: "made"; readonly accountId: string }
  | { readonly kind: "failed" | "unknown"; readonly code: string }
  | { readonly kind: "forgotten" };

/** Looks at it, and seconds between two of them: about three minutes, in which AWS is usually done. */
const LOOKS = 40;
const PAUSE_SECONDS_MAX = 5;

/** Waits until a request to make an account is done. `under_way`: it still is not. */
export async function followRequest(place: AwsPlace, id: string): Promise<RequestEnd> {
  for (let look = 1; look <= LOOKS; look++) {
    const answer = await readOrganizations(place, "DescribeCreateAccountStatus", {
      CreateAccountRequestId: id,
    });
    if (answer.kind !== "ok")
      return answer.code === "request_not_found"
        ? { kind: "forgotten" }
        : { kind: "unknown", code: answer.code };
    const status = memberAt(answer.result, "CreateAccountStatus");
    const accountId = textAt(status, ["AccountId"], /^\d{12}$/);
    switch (textAt(status, ["State"])) {
      case "SUCCEEDED":
        return accountId === undefined
          ? { kind: "unknown", code: "malformed" }
          : { kind: "made", accountId };
      case "FAILED": {
        const reason = textAt(status, ["FailureReason"], /^[A-Z][A-Z_]{0,63}$/);
        return { kind: "failed", code: reason?.toLowerCase() ?? "failed" };
      }
      case "IN_PROGRESS":
        await place.sleep(Math.min(look, PAUSE_SECONDS_MAX) * 1000);
        break;
      default:
        return { kind: "unknown", code: "malformed" };
    }
  }
  return { kind: "unknown", code: "under_way" };
}
