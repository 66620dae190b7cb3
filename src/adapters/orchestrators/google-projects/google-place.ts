import type { KeyObject } from "node:crypto";
import type { Fetch } from "../../../util/fetch-json.ts";

/** How Google Cloud is reached, as a service account of the organisation, and where its projects go. */
export interface GooglePlace {
  /** `https://cloudresourcemanager.googleapis.com` */
  readonly resourceManagerUrl: string;
  /** `https://cloudbilling.googleapis.com` */
  readonly billingUrl: string;
  /** `https://oauth2.googleapis.com/token` */
  readonly tokenUrl: string;
  readonly clientEmail: string;
  readonly privateKeyId: string;
  readonly privateKey: KeyObject;
  /** `folders/123` or `organizations/123` */
  readonly parent: string;
  /** `billingAccounts/012345-6789AB-CDEF01` */
  readonly billingAccount: string;
  readonly fetch: Fetch;
  /** Milliseconds since the epoch; dates expiries. */
  readonly now: () => number;
  /** The same, dates what is signed. */
  readonly signingNow: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

/** Why there is no result. Only `refused` is certain; `isAboutAsker`: whoever asks may not, or must not know. */
export interface GoogleFailure {
  readonly kind: "refused" | "unknown";
  readonly code: string;
  readonly isAboutAsker?: true | undefined;
}
