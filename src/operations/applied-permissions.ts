import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PermissionPolicy } from "../permissions/compile-permissions.ts";
import { policyToJson, readPolicy } from "../permissions/read-policy.ts";
import { listAt, memberAt } from "../util/json-access.ts";
import type { CompiledProject } from "./compile-sources.ts";
import { ledgerHome } from "./sandbox-home.ts";
import { listTokenScopes } from "./token-scopes.ts";

/** What held when the stack was last applied. */
export interface AppliedPermissions {
  readonly policy: PermissionPolicy;
  /** `cloudflare: D1 Write (account)`. */
  readonly scopes: readonly string[];
}

/** Keeps matrix and token scopes of a stack that was applied, so that the next ones can be compared with them. */
export function rememberPermissions({ project, model, lowered }: CompiledProject): void {
  const file = fileOf(project.root, model);
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  const value = {
    version: 1,
    policy: policyToJson(model.permissions),
    scopes: nameScopes(model, lowered),
  };
  writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** What {@link rememberPermissions} kept; undefined when the stack was never applied, or when the file cannot be read. */
export function recallPermissions({
  project,
  model,
}: CompiledProject): AppliedPermissions | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(project.root, model), "utf8"));
    const policy = readPolicy(memberAt(value, "policy"));
    const scopes = listAt(value, "scopes")?.map(String);
    return policy === undefined || scopes === undefined ? undefined : { policy, scopes };
  } catch {
    return undefined;
  }
}

/** Each right of each token as one text. */
export function nameScopes(
  model: CompiledProject["model"],
  lowered: CompiledProject["lowered"],
): readonly string[] {
  return listTokenScopes(model, lowered).flatMap(({ provider, zones, permissions }) =>
    permissions.map(({ group, scope }) => {
      const where = scope === "zone" ? `zone ${zones.join(", ")}` : scope;
      return `${provider}: ${group} (${where})`;
    }),
  );
}

function fileOf(root: string, model: CompiledProject["model"]): string {
  return join(ledgerHome(root, model), `permissions-${model.name}-${model.stack}.json`);
}
