import type { VendorSemantics } from "../semantics.ts";

const ADDRESS =
  "a certificate of Azure's, and records that go with the name's into the zone of the domain";

/** What each kind is like at Azure; the pages are in the README. */
export const AZURE_SEMANTICS: VendorSemantics = {
  app: () => ({
    "runs in":
      "one process of Node 24 on a machine that all apps of the stack share, in one region",
    scales: "not by itself: one machine, until its plan is made larger",
    address: ADDRESS,
  }),
  site: () => ({ "served from": "the machine of the apps, in one region", address: ADDRESS }),
  database: () => ({
    dialect: "PostgreSQL",
    copies: "one flexible server; any minute of the last 7 days can be restored",
    size: "32 GB, until it is made larger",
  }),
  bucket: () => ({
    interface: "R2's for apps, without parts and conditions; Blob Storage's, and not S3",
    copies: "kept three times, in three places of one region",
    delivery: "from one region, for a charge on traffic",
  }),
  kv: () => ({
    consistency: "strong: a write is seen at once",
    writes: "as many as PostgreSQL takes",
    reads: "from the region's PostgreSQL",
  }),
  queue: () => ({
    delivery: "at least once, in no certain order",
    keeps: "messages until they are handled; what fails four times stays for people",
  }),
  cron: () => ({
    grain: "a minute",
    "missed times": "those at which the app's process does not run",
  }),
  secret: () => ({ "kept by": "the broker, and the app's place" }),
};
