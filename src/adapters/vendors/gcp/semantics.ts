import type { VendorSemantics } from "../semantics.ts";

const ADDRESS = "a certificate of Google's; the name's record goes into the zone of the domain";

/** What each kind is like at Google Cloud; the pages are in the README. */
export const GCP_SEMANTICS: VendorSemantics = {
  app: () => ({
    "runs in": "functions of Node 24 with 512 MB and 30 seconds a request, in one region",
    scales: "by itself, down to nothing and up to 10 instances, at most 2 at a database",
    address: ADDRESS,
  }),
  site: () => ({ "served from": "a function in one region", address: ADDRESS }),
  database: () => ({
    dialect: "PostgreSQL",
    copies: "one server of Cloud SQL; any minute of the last 7 days can be restored",
    size: "10 GB, and more by itself",
  }),
  bucket: () => ({
    interface: "S3, and R2's for apps, without parts and conditions",
    copies: "kept several times",
    delivery: "from one region, for a charge on traffic",
  }),
  kv: () => ({
    consistency: "strong: a write is seen at once",
    writes: "as many as PostgreSQL takes",
    reads: "from the region's PostgreSQL",
  }),
  queue: () => ({
    delivery: "at least once, in no certain order",
    keeps: "messages for 7 days; what fails five times goes into a queue of its own",
  }),
  cron: () => ({
    grain: "a minute",
    "missed times": "none: the schedule is the vendor's",
  }),
  secret: () => ({ "kept by": "the broker, and the vendor's keeper of secrets" }),
};
