import { Secret } from "../../util/secret.ts";
import type { AccountAnswer } from "./contract.ts";
import type { AdapterVault } from "./vault.ts";

/** An account of nobody, as a vendor that knows no idempotency key hands it out. Times are RFC 3339. */
export interface Unclaimed {
  readonly accountId: string;
  readonly token: string;
  readonly expiresAt: string;
  /** Absent where a link is made when it is asked for. */
  readonly claimUrl?: string | undefined;
  readonly claimUntil: string;
}

/** What is kept of a request: that it may have been heard, and what came of it. */
interface Kept {
  /** RFC 3339; whatever was made is gone after it. */
  readonly until: string;
  /** RFC 3339; when it was asked for first. */
  readonly askedAt?: string | undefined;
  readonly account?: Unclaimed | undefined;
}

/** As long as a vendor is relied on to know an idempotency key, in milliseconds (https://docs.stripe.com/idempotency). */
const KEY_LIFE_MS = 86_400_000;

/**
 * Asks for an account of nobody at most once: that it is asked for is written down before, what came of it after. A lost answer can't be asked for again, so until
 * what may have been made is gone by itself, nothing more is made.
 */
export async function requestOnce(
  {
    vault,
    now,
    lifeMs,
    isRepeatable = false,
    isKnown = false,
  }: {
    readonly vault: AdapterVault;
    readonly now: () => number;
    readonly lifeMs: number;
    /** The vendor knows an idempotency key after all; default false. */
    readonly isRepeatable?: boolean | undefined;
    /** Something came of the request before, and only that is wanted; default false. */
    readonly isKnown?: boolean | undefined;
  },
  name: string,
  make: () => Promise<Unclaimed | { readonly kind: "refused" | "unknown"; readonly code: string }>,
): Promise<AccountAnswer> {
  const secret = await vault.read(name);
  const kept = secret === undefined ? undefined : (JSON.parse(secret.reveal()) as Kept);
  const isAlive = kept !== undefined && Date.parse(kept.until) > now();
  // What nobody claimed is gone, and the same request never gets another one.
  if (kept?.account !== undefined)
    return isAlive ? connect(kept.account) : { kind: "refused", code: "claim_expired" };
  // Where nothing is kept of it, as on another machine, the account may be alive all the same.
  if (isKnown)
    return kept === undefined
      ? { kind: "unknown", code: "answer_lost" }
      : { kind: "refused", code: "claim_expired" };
  const isKeyKnown = isRepeatable && now() - Date.parse(kept?.askedAt ?? "") < KEY_LIFE_MS;
  if (isAlive && !isKeyKnown) return { kind: "unknown", code: "answer_lost" };
  const askedAt = isAlive ? kept.askedAt : new Date(now()).toISOString();
  const write = (account: Unclaimed | undefined, until: string) =>
    vault.write(name, new Secret(JSON.stringify({ until, askedAt, account } satisfies Kept)));
  await write(undefined, new Date(now() + lifeMs).toISOString());
  const made = await make();
  if ("kind" in made) {
    // A refused repeat says nothing about the attempt before it.
    if (made.kind === "refused" && !isAlive) await vault.write(name, undefined);
    return made;
  }
  await write(made, made.claimUntil);
  return connect(made);
}

function connect({ accountId, token, expiresAt, claimUrl, claimUntil }: Unclaimed): AccountAnswer {
  return {
    kind: "connected",
    credentials: { accountId, accessToken: new Secret(token), expiresAt },
    claim: {
      url: claimUrl === undefined ? undefined : new Secret(claimUrl),
      expiresAt: claimUntil,
    },
  };
}
