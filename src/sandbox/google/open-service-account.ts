import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { remember } from "../../util/remember.ts";
import type { SandboxContext } from "../context.ts";
import type { Keyring } from "../keyring.ts";

/** The service account that the sandbox plays, and the place where it may make projects. */
export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKeyId: string;
  /** PEM. */
  readonly privateKey: string;
  readonly publicKey: KeyObject;
  readonly parent: string;
  readonly billingAccount: string;
}

/** RSA, as Google's are, is slow to make: one a process is enough for whatever homes it makes. */
const makeKey = remember((bits: number) =>
  generateKeyPairSync("rsa", { modulusLength: bits })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString(),
);

/** The account of a home: its key is made once, and kept sealed. */
export function openServiceAccount(context: SandboxContext, keyring: Keyring): ServiceAccount {
  const kept = context.store.collection<{ readonly sealed: string }>("google-key");
  const known = kept.get("key");
  const privateKey = known === undefined ? makeKey(2048) : context.unseal(known.sealed);
  if (known === undefined) kept.put("key", { sealed: context.seal(privateKey) });
  // Whole, it is written in many ways; a line of it stands in each of them.
  context.keepSecret("line of a private key", privateKey.split("\n")[2] ?? privateKey);
  const account = keyring.deriveId("google-billing-account", 18).toUpperCase();
  return {
    clientEmail: "supercargo@management.iam.gserviceaccount.com",
    privateKeyId: keyring.deriveId("google-key", 40),
    privateKey,
    publicKey: createPublicKey(privateKey),
    parent: `folders/${BigInt(`0x${keyring.deriveId("google-folder", 10)}`)}`,
    billingAccount: `billingAccounts/${account.match(/.{6}/g)?.join("-")}`,
  };
}
