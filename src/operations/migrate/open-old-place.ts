import { openCloudflareSource } from "../../adapters/vendors/cloudflare/open-cloudflare-source.ts";
import type { MigrationSource } from "../../adapters/vendors/migration-source.ts";
import type { StackResource } from "../../deploy/engine-driver.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { readStackToken } from "../read-stack-token.ts";
import { refuseBroker } from "../refuse-broker.ts";
import type { OldSession } from "./open-old-session.ts";

/** What is left: its data and queues, and the zones in which names lead to it. */
interface OldPlace {
  readonly source: MigrationSource;
  readonly zones: readonly string[];
}

/**
 * Reaches the place that is left with the stack's own token, renewed. Undefined when the stack is not deployed there, or no more: it has no open token, or its state tells of
 * nothing there. Not being able to ask is a refusal.
 */
export async function openOldPlace({
  session,
  place,
}: OldSession): Promise<OldPlace | Refusal | undefined> {
  const { readPulumiStack } = await import("../../deploy/pulumi-driver.ts");
  const renewed = await session.broker.renewCredentials(place.project, place.stack);
  if ("ok" in renewed) return refuseBroker(renewed);
  const [failed] = renewed.failed;
  if (failed !== undefined) return refuseBroker(failed.failure);
  const token = await readStackToken(session, "cloudflare", place);
  if (token !== undefined && "ok" in token) return refuseBroker(token);
  const state = readPulumiStack(place);
  if (state === "unreadable") return refuseUnreadable();
  const resources = state === "absent" ? [] : state.resources;
  const accountId = textOf(resources, "accountId")[0];
  if (token === undefined || accountId === undefined) return undefined;
  const routes = resources.filter(({ type }) => /workersRoute:/i.test(type));
  return {
    source: openCloudflareSource({ ...token, accountId, fetch }),
    zones: [...new Set(textOf(routes, "zoneId"))],
  };
}

function textOf(resources: readonly StackResource[], field: string): readonly string[] {
  return resources.flatMap(({ values }) => {
    const value = values[field];
    return typeof value === "string" ? [value] : [];
  });
}

function refuseUnreadable(): Refusal {
  return refuse({
    kind: "remote",
    code: "state-unreadable",
    message: "the stack's state cannot be read, so nobody can say what is left at the old place",
    remedy:
      "Restore the state below `.supercargo/pulumi` from a backup, then run the same command again.",
  });
}
