import type { LoweredReference, LoweredResource, ZoneRecord } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import type { Context } from "../node-lowering.ts";
import type { WebHost } from "../web-hosts.ts";
import { certificateName } from "./host-names.ts";
import { lowerText } from "./lower-text.ts";
import { native } from "./lowering.ts";

/** A certificate for a host, and the record by which AWS sees whose the host is. */
export function lowerCertificate(
  context: Context,
  owner: string,
  { host, hostname }: WebHost,
): readonly LoweredResource[] {
  const certificate = `${owner}.certificate.${hostname}`;
  return [
    native(certificate, owner, "aws_acm_certificate", {
      domain_name: lowerText(context, host),
      validation_method: "DNS",
    }),
    native(
      certificateName(owner, hostname),
      owner,
      "aws_acm_certificate_validation",
      { certificate_arn: ref(certificate, "arn") },
      [recordName(owner, hostname)],
    ),
  ];
}

/** The certificate's record, and the one that leads the host to `target`. */
export function listHostRecords(
  context: Context,
  owner: string,
  { host, hostname, domain }: WebHost,
  target: LoweredReference,
): readonly ZoneRecord[] {
  // Without a domain of the manifest it was refused.
  if (domain === undefined) return [];
  const certificate = `${owner}.certificate.${hostname}`;
  const option = (field: string) => ref(certificate, "domain_validation_options", field);
  const common = { origin: owner, domain, type: "CNAME" } as const;
  return [
    {
      ...common,
      name: recordName(owner, hostname),
      host: option("resource_record_name"),
      content: option("resource_record_value"),
    },
    {
      ...common,
      name: `${owner}.address.${hostname}`,
      host: lowerText(context, host),
      content: target,
    },
  ];
}

/** An ARN that is there once the certificate is valid. */
export function validCertificate(owner: string, { hostname }: WebHost): LoweredReference {
  return ref(certificateName(owner, hostname), "certificate_arn");
}

function recordName(owner: string, hostname: string): string {
  return `${owner}.certificate-record.${hostname}`;
}
