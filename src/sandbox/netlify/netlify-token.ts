import type { SandboxContext } from "../context.ts";

/** The personal access token of the one team, made once a home. */
export function openNetlifyToken({ store, mintSecret, seal, unseal }: SandboxContext): string {
  const tokens = store.collection<{ readonly sealed: string }>("netlify-token");
  const known = tokens.get("token");
  if (known !== undefined) return unseal(known.sealed);
  const value = mintSecret("netlify access token", "nfp_");
  tokens.put("token", { sealed: seal(value) });
  return value;
}
