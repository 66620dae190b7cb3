import { AwsV4Signer } from "aws4fetch";
import type { Fetch } from "../../../util/fetch-json.ts";
import { fetchText, type TextExchange } from "../../../util/fetch-text.ts";
import type { Secret } from "../../../util/secret.ts";

/** How AWS is reached, as somebody of the management account. */
export interface AwsPlace {
  /** `https://organizations.us-east-1.amazonaws.com` */
  readonly organizationsUrl: string;
  /** `https://sts.us-east-1.amazonaws.com` */
  readonly stsUrl: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
  /** Of credentials that end. */
  readonly sessionToken?: Secret | undefined;
  readonly fetch: Fetch;
  /** Milliseconds since the epoch; dates signatures. */
  readonly signingNow: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds for one exchange, default 30,000. */
  readonly timeout?: number | undefined;
}

/** Where both services sign: Organizations is in one region alone. */
const REGION = "us-east-1";

/** One signed call (signature version 4) of a service of AWS. */
export async function callAws(
  place: AwsPlace,
  service: "organizations" | "sts",
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<TextExchange> {
  const base = service === "sts" ? place.stsUrl : place.organizationsUrl;
  const sessionToken = place.sessionToken?.reveal();
  const signed = await new AwsV4Signer({
    method: "POST",
    url: `${base}/`,
    headers: { ...headers },
    body,
    accessKeyId: place.accessKeyId,
    secretAccessKey: place.secretAccessKey.reveal(),
    ...(sessionToken !== undefined && { sessionToken }),
    service,
    region: REGION,
    datetime: new Date(place.signingNow()).toISOString().replace(/[:-]|\.\d{3}/g, ""),
  }).sign();
  const init = { method: "POST", headers: signed.headers, body };
  return fetchText(place.fetch, `${base}/`, init, place.timeout ?? 30_000);
}
