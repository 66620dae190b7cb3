import { Secret } from "../util/secret.ts";
import type { BrokerContext } from "./context.ts";

/** Seals a lease's secrets, each for its own place. */
export function sealSecrets(
  context: BrokerContext,
  lease: string,
  secrets: Readonly<Record<string, Secret>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, secret]) => [
      name,
      context.keystore.seal(secret.reveal(), `${lease}/${name}`),
    ]),
  );
}

/** Opens a lease's secrets. */
export async function openSecrets(
  context: BrokerContext,
  lease: string,
): Promise<Readonly<Record<string, Secret>>> {
  const sealed = await context.ledger.secrets(lease);
  return Object.fromEntries(
    Object.entries(sealed).map(([name, text]) => [
      name,
      new Secret(context.keystore.open(text, `${lease}/${name}`)),
    ]),
  );
}
