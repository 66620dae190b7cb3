import type { SandboxAddress } from "../sandbox/connect-sandbox.ts";

/** Asks a sandbox's control surface, `/sandbox/<path>`, and answers with its JSON; with a body it is told instead (POST). Throws when it refuses. */
export async function askSandbox(
  { controlUrl, adminToken }: Pick<SandboxAddress, "controlUrl" | "adminToken">,
  path: string,
  { body, signal }: { readonly body?: object; readonly signal?: AbortSignal | undefined } = {},
): Promise<unknown> {
  const response = await fetch(`${controlUrl}/sandbox/${path}`, {
    headers: { "x-sandbox-admin": adminToken, "content-type": "application/json" },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${path}`);
  return response.json();
}
