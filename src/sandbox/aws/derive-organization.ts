import type { Keyring } from "../keyring.ts";

/** The organisation that the sandbox plays, and keys of somebody who may all in its management account. */
export interface AwsOrganization {
  readonly id: string;
  readonly managementAccount: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export function deriveOrganization(keyring: Keyring): AwsOrganization {
  const digits = BigInt(`0x${keyring.deriveId("aws-management-account", 16)}`) % 10n ** 12n;
  return {
    id: `o-${keyring.deriveId("aws-organization", 10)}`,
    managementAccount: String(digits).padStart(12, "0"),
    accessKeyId: `AKIA${keyring.deriveId("aws-access-key", 16).toUpperCase()}`,
    secretAccessKey: keyring.deriveSecret("aws-secret-access-key", ""),
  };
}
