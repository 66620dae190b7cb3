import { createHmac } from "node:crypto";
import type { SandboxContext } from "../context.ts";
import type { OrchestratorIdentity } from "../orchestrator/identities.ts";

/** What a provider answered; undefined when no answer came. */
export type LineAnswer =
  | { readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  | undefined;

/** Speaks the provisioning protocol to the sandbox's providers, over HTTP as every orchestrator does, so that faults strike these calls, too. */
export type ProviderLine = (call: {
  readonly provider: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly accessToken?: string | undefined;
}) => Promise<LineAnswer>;

export function openProviderLine(
  { controlUrl }: Pick<SandboxContext, "controlUrl">,
  { signingSecret }: Pick<OrchestratorIdentity, "signingSecret">,
): ProviderLine {
  return async ({ provider, method, path, body, form, accessToken }) => {
    const json = body === undefined ? "" : JSON.stringify(body);
    const text = form === undefined ? json : new URLSearchParams(form).toString();
    const seconds = Math.floor(Date.now() / 1000);
    const mac = createHmac("sha256", signingSecret).update(`${seconds}.${text}`).digest("hex");
    try {
      const response = await fetch(
        `${controlUrl}/providers/${encodeURIComponent(provider)}${path}`,
        {
          method,
          headers: {
            "api-version": "0.1d",
            "stripe-signature": `t=${seconds},v1=${mac}`,
            "content-type":
              form === undefined ? "application/json" : "application/x-www-form-urlencoded",
            ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
          },
          ...(method === "GET" ? {} : { body: text }),
        },
      );
      const answer: unknown = await response.json();
      return { status: response.status, body: answer as Readonly<Record<string, unknown>> };
    } catch {
      return undefined;
    }
  };
}
