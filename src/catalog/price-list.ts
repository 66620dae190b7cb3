import type { Price } from "./catalog.ts";
import { parsePrice } from "./parse-price.ts";

/** A service that a vendor sells without a provisioning protocol, so that it is in no catalogue. */
export interface ListedService {
  readonly price: Price;
  readonly text: string;
  /** The public page that the text was made from. */
  readonly page: string;
}

const AWS = "https://aws.amazon.com";
const AZURE = "https://azure.microsoft.com/pricing/details";
const GOOGLE = "https://cloud.google.com";
const NETLIFY =
  "https://docs.netlify.com/manage/accounts-and-billing/billing/billing-for-credit-based-plans";
const VERCEL = "https://vercel.com/docs";

/**
 * Reference -> text in the form that the catalogue's prices have, and page. AWS's are those of us-east-1, Azure's those of East US 2 and Google's those of us-central1 in 2026-11, without free
 * tiers: what is free for a new account alone bounds nothing. An hourly price is that of a month of 31 days. Vercel's are those of iad1, beyond what the plan Pro
 * includes, which a whole team shares. Netlify's are in credits, of which a team buys 500 for 5 USD once those of its plan are used up.
 */
const TEXTS: Readonly<Record<string, readonly [text: string, page: string]>> = {
  "aws/apigateway:http": [
    "$1.00/million requests and $0.09/GB sent.",
    `${AWS}/api-gateway/pricing/`,
  ],
  "aws/cloudfront": [
    "$0.085/GB sent, $0.01/10,000 requests and $0.10/million calls of its function.",
    `${AWS}/cloudfront/pricing/`,
  ],
  "aws/cloudwatch:logs": [
    "$0.50/GB taken in and $0.03/GB-month stored.",
    `${AWS}/cloudwatch/pricing/`,
  ],
  "aws/lambda": ["$0.20/million requests and $0.0000133334/GB-second.", `${AWS}/lambda/pricing/`],
  "aws/rds:db.t4g.micro": [
    "$14.21/month base plus $0.095/GB-month of backups beyond its size and $0.075/vCPU-hour of bursts.",
    `${AWS}/rds/postgresql/pricing/`,
  ],
  "aws/s3": [
    "$0.023/GB-month, $0.005/1,000 writes and lists, $0.0004/1,000 reads.",
    `${AWS}/s3/pricing/`,
  ],
  "aws/scheduler": ["$1.00/million calls.", `${AWS}/eventbridge/pricing/`],
  "aws/sqs": ["$0.40/million requests.", `${AWS}/sqs/pricing/`],
  "azure/app-service:b1": ["$12.65/month base plus $0.087/GB sent.", `${AZURE}/app-service/linux/`],
  "azure/dns:private-zone": ["$0.50/month base plus $0.40/million requests.", `${AZURE}/dns/`],
  "azure/postgresql:b1ms": ["$12.65/month.", `${AZURE}/postgresql/flexible-server/`],
  "azure/postgresql:storage": [
    "$3.68/month base plus $0.095/GB-month of backups beyond its size.",
    `${AZURE}/postgresql/flexible-server/`,
  ],
  "azure/storage:blob": [
    "$0.023/GB-month, $0.00625/1,000 writes and lists, $0.0004/1,000 reads and $0.087/GB sent.",
    `${AZURE}/storage/blobs/`,
  ],
  "gcp/build": [
    "$0.006/minute of building and $0.10/GB-month of images.",
    `${GOOGLE}/build/pricing`,
  ],
  "gcp/pubsub": ["$40.00/TiB of messages.", `${GOOGLE}/pubsub/pricing`],
  "gcp/run": [
    "$0.40/million requests, $0.000024/vCPU-second, $0.0000025/GiB-second, $0.12/GB sent and $0.50/GiB of logs.",
    `${GOOGLE}/run/pricing`,
  ],
  "gcp/scheduler": ["$0.10/month.", `${GOOGLE}/scheduler/pricing`],
  "gcp/secretmanager": [
    "$0.06/version-month and $0.03/10,000 reads.",
    `${GOOGLE}/secret-manager/pricing`,
  ],
  "gcp/sql:db-f1-micro": [
    "$9.51/month base plus $0.08/GB-month of backups and $0.17/GB-month beyond its size.",
    `${GOOGLE}/sql/pricing`,
  ],
  "gcp/storage": [
    "$0.02/GB-month, $0.005/1,000 writes and lists, $0.0004/1,000 reads and $0.12/GB sent.",
    `${GOOGLE}/storage/pricing`,
  ],
  "netlify/functions": ["$0.10/GB-hour of memory.", `${NETLIFY}/how-credits-work`],
  "netlify/web": [
    "$0.20/GB sent, $2.00/million requests and $0.15/deploy.",
    `${NETLIFY}/how-credits-work`,
  ],
  "vercel/blob": [
    "$0.023/GB-month, $5.00/million writes and lists, $0.40/million reads and $0.05/GB sent.",
    `${VERCEL}/vercel-blob/usage-and-pricing`,
  ],
  "vercel/cdn": [
    "$0.15/GB sent, $0.06/GB between it and functions and $2.00/million requests.",
    `${VERCEL}/pricing/regional-pricing/iad1`,
  ],
  "vercel/functions": [
    "$0.60/million calls, $0.128/hour of active CPU and $0.0106/GB-hour of memory.",
    `${VERCEL}/functions/usage-and-pricing`,
  ],
  "vercel/queues": [
    "$0.60/million operations of 4 KiB, of which a message takes four.",
    `${VERCEL}/pricing/regional-pricing`,
  ],
};

/** The listed service of a reference such as `aws/lambda`; undefined for all others. */
export function findListedService(reference: string): ListedService | undefined {
  const found = Object.hasOwn(TEXTS, reference) ? TEXTS[reference] : undefined;
  if (found === undefined) return undefined;
  const [text, page] = found;
  return { price: parsePrice(text), text, page };
}

/** Every listed reference. */
export const LISTED_SERVICES: readonly string[] = Object.keys(TEXTS);
