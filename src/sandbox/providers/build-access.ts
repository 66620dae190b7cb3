import type { SandboxContext } from "../context.ts";
import type { ProviderService } from "./provider-service.ts";
import { resourceHost } from "./resource-host.ts";

/**
 * Credentials of a new or rotated resource, by the name that the provider gives them. Which names is the sandbox's choice, by category. The host is nobody's: a database's answers to
 * containers of the sandbox alone (`docker/hosted-databases.ts`).
 */
export function buildAccess(
  context: Pick<SandboxContext, "mintSecret" | "random">,
  service: ProviderService,
  id: string,
): Readonly<Record<string, string>> {
  const host = resourceHost(service.provider, id);
  const kind = `${service.provider}/${service.id}`;
  if (service.categories.includes("database")) {
    const password = context.mintSecret(`${kind} password`, "npg_");
    const user = `user_${context.random(4)}`;
    const connection_string = `postgresql://${user}:${password}@${host}:5432/main?sslmode=require`;
    return { connection_string, host, user, password, database: "main" };
  }
  if (service.categories.includes("storage"))
    return {
      access_key_id: context.random(16),
      secret_access_key: context.mintSecret(`${kind} secret key`),
      endpoint: `https://${host}`,
    };
  return {
    api_key: context.mintSecret(`${kind} api key`, "sk_live_"),
    base_url: `https://${host}/v1`,
  };
}
