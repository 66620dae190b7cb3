import type { VendorSemantics } from "../semantics.ts";

const ADDRESS =
  "the proxy gets the certificate by itself; the name's record must point at the host";
const COPIES = "one volume of the host: copies of it are yours to make";
const SIZE = "as large as the host's disk";

/** What each kind is like on a host of containers. */
export const CONTAINER_SEMANTICS: VendorSemantics = {
  app: () => ({
    "runs in": "one process of Node 24 on the host, with all of Node",
    scales: "not by itself: one container",
    address: ADDRESS,
  }),
  site: () => ({ "served from": "the host alone; a cache before it is yours", address: ADDRESS }),
  database: ({ engine }) => ({
    dialect: engine === "sqlite" ? "SQLite" : "PostgreSQL",
    copies: COPIES,
    size: SIZE,
  }),
  bucket: () => ({
    interface: "S3, and R2's for apps, without parts and conditions",
    copies: COPIES,
    delivery: "from the host, whose traffic may cost",
  }),
  kv: () => ({
    consistency: "strong: a write is seen at once",
    writes: "as many as PostgreSQL takes",
    reads: "from the host's PostgreSQL",
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
