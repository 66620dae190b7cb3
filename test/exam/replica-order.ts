import type { LedgerPlace } from "../../src/broker/ledger/open-place.ts";
import type { Limits } from "../../src/compiler/1-manifest/guardrails.ts";

/** What a replica is told to do. */
export interface ReplicaOrder extends LedgerPlace {
  /** Address of the provider and its book, which live on in another process. */
  readonly book: string;
  readonly seenPath: string;
  readonly limits: Limits;
  readonly account: string;
  readonly payment: string;
  /** Domains to buy, one after the other; `at` is the instant of the replica's clock, default the machine's. */
  readonly wishes: readonly { readonly domain: string; readonly at?: number | undefined }[];
  /** Default 100.00 USD. */
  readonly maxPrice?: string | undefined;
  /** The step, as `describeStep` names it, at which the replica waits until `<file>.open` is there, or kills itself. */
  readonly gate?:
    | { readonly step: string; readonly file: string; readonly isDeadly: boolean }
    | undefined;
  /** How often it takes the ledger over again when another replica has; default 0. */
  readonly patience?: number | undefined;
}
