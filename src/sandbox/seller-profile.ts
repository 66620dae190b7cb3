import { sha256 } from "../util/sha256.ts";

/** The business profile under which a provider sells, the payee of a shared payment token. Same provider, same profile, in every sandbox. */
export function deriveSellerProfile(provider: string): string {
  return `profile_test_61${sha256(`seller:${provider}`).slice(0, 24)}`;
}
