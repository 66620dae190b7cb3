import type { LoweredResource, ZoneRecord } from "../contract.ts";
import { concat, ref } from "../lowered-values.ts";
import type { Context, WebNode } from "../node-lowering.ts";
import { type WebHost, webHosts } from "../web-hosts.ts";
import { lowerText } from "./lower-text.ts";
import { IN_GROUP, native } from "./lowering.ts";

/** The hosts of a web app: each is bound once its records are there, and gets a certificate that Azure makes and renews. */
export function lowerHosts(
  context: Context,
  node: WebNode,
): { readonly resources: readonly LoweredResource[]; readonly records: readonly ZoneRecord[] } {
  const hosts = webHosts(context, node);
  return {
    resources: hosts.flatMap((host) => lowerHost(context, node.name, host)),
    records: hosts.flatMap((host) => listHostRecords(context, node.name, host)),
  };
}

function lowerHost(
  context: Context,
  owner: string,
  { host, hostname }: WebHost,
): readonly LoweredResource[] {
  const [binding, certificate] = [`${owner}.host.${hostname}`, `${owner}.certificate.${hostname}`];
  return [
    native(
      binding,
      owner,
      "azurerm_app_service_custom_hostname_binding",
      {
        hostname: lowerText(context, host),
        app_service_name: ref(owner, "name"),
        ...IN_GROUP,
      },
      [addressName(owner, hostname), proofName(owner, hostname)],
    ),
    native(certificate, owner, "azurerm_app_service_managed_certificate", {
      custom_hostname_binding_id: ref(binding, "id"),
    }),
    native(`${owner}.tls.${hostname}`, owner, "azurerm_app_service_certificate_binding", {
      hostname_binding_id: ref(binding, "id"),
      certificate_id: ref(certificate, "id"),
      ssl_state: "SniEnabled",
    }),
  ];
}

/** The record that leads a host to its web app, and the one by which Azure sees whose the host is. */
function listHostRecords(
  context: Context,
  owner: string,
  { host, hostname, domain }: WebHost,
): readonly ZoneRecord[] {
  // Without a domain of the manifest it was refused.
  if (domain === undefined) return [];
  const own = lowerText(context, host);
  const parts = typeof own === "object" && own.kind === "concat" ? own.parts : [own];
  return [
    {
      name: addressName(owner, hostname),
      origin: owner,
      domain,
      host: own,
      type: "CNAME",
      content: ref(owner, "default_hostname"),
    },
    {
      name: proofName(owner, hostname),
      origin: owner,
      domain,
      host: concat("asuid.", ...parts),
      type: "TXT",
      content: ref(owner, "custom_domain_verification_id"),
    },
  ];
}

function addressName(owner: string, hostname: string): string {
  return `${owner}.address.${hostname}`;
}

function proofName(owner: string, hostname: string): string {
  return `${owner}.proof.${hostname}`;
}
