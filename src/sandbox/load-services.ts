import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProviderService } from "./providers/provider-service.ts";
import { readProviderServices } from "./providers/read-provider-services.ts";

/** The services of the project's pinned catalogue; none when there is no snapshot. */
export function loadServices(): readonly ProviderService[] {
  const file = fileURLToPath(new URL("../catalog/snapshot.json", import.meta.url));
  if (!existsSync(file)) return [];
  return readProviderServices(JSON.parse(readFileSync(file, "utf8")));
}
