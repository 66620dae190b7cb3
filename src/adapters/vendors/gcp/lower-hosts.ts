import type { LoweredResource, ZoneRecord } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";
import type { Context, WebNode } from "../node-lowering.ts";
import { webHosts } from "../web-hosts.ts";
import { lowerText } from "./lower-text.ts";
import { native } from "./lowering.ts";

/** What answers for every host that is mapped (Cloud Run docs, "Mapping custom domains"). */
const FRONT_DOOR = "ghs.googlehosted.com";

/** Leads hosts of one's own to an app or site. Google sees to their certificates. */
export function lowerHosts(context: Context, node: WebNode): readonly LoweredResource[] {
  const { name } = node;
  return webHosts(context, node).map(({ host, hostname }) =>
    native(`${name}.host.${hostname}`, name, "google_cloud_run_domain_mapping", {
      name: lowerText(context, host),
      location: ref(name, "location"),
      metadata: object({ namespace: ref(name, "project") }),
      spec: object({ route_name: ref(name, "name") }),
    }),
  );
}

/** The records by which the hosts are found. */
export function listHostRecords(context: Context, node: WebNode): readonly ZoneRecord[] {
  return webHosts(context, node).flatMap(({ host, hostname, domain }) => {
    // Without a domain of the manifest it was refused.
    if (domain === undefined) return [];
    return {
      name: `${node.name}.address.${hostname}`,
      origin: node.name,
      domain,
      host: lowerText(context, host),
      type: "CNAME",
      content: FRONT_DOOR,
    };
  });
}
