import type { Json } from "../../util/canonical-json.ts";

/** A body and its HTTP status. */
export interface ProvisioningAnswer {
  readonly status: number;
  readonly body: Json;
}

/** An error of API v2. `message` never repeats what the caller sent. */
export function refuseProvisioning(
  status: number,
  code: string,
  message: string = code,
): ProvisioningAnswer {
  return { status, body: { error: { type: "invalid_request_error", code, message } } };
}
