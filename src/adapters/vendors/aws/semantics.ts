import type { VendorSemantics } from "../semantics.ts";

const ADDRESS =
  "a certificate of AWS's, whose records go with the name's into the zone of the domain";
const COPIES = "one server of RDS; any minute of the last 7 days can be restored";

/** What each kind is like at AWS; the pages are in the README. */
export const AWS_SEMANTICS: VendorSemantics = {
  app: () => ({
    "runs in": "functions of Node 24 with 512 MB and 30 seconds a request, in one region",
    scales: "by itself, down to nothing",
    address: ADDRESS,
  }),
  site: () => ({ "served from": "caches all over the world", address: ADDRESS }),
  database: () => ({
    dialect: "PostgreSQL",
    copies: COPIES,
    size: "20 GB, until it is made larger",
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
    keeps: "messages for 4 days; what fails four times goes into a queue of its own",
  }),
  cron: () => ({
    grain: "a minute",
    "missed times": "none: the schedule is the vendor's",
  }),
  secret: () => ({ "kept by": "the broker, and the app's place" }),
};
