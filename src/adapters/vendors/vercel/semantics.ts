import type { VendorSemantics } from "../semantics.ts";

const ADDRESS = "a certificate of Vercel's own; the name's record goes into the zone of the domain";

/** What each kind is like at Vercel; the pages are in the README. */
export const VERCEL_SEMANTICS: VendorSemantics = {
  app: () => ({
    "runs in":
      "functions of Node 24 with 2 GB, 30 seconds a request and bodies of 4.5 MB, in one region",
    scales: "by itself, down to nothing",
    address: ADDRESS,
  }),
  site: () => ({ "served from": "caches all over the world", address: ADDRESS }),
  bucket: () => ({
    interface: "Vercel Blob's, and R2's for apps, without parts and conditions",
    copies: "kept several times",
    delivery: "from one region, for a charge on traffic",
  }),
  queue: () => ({
    delivery: "at least once, in no certain order, to the deployment that sent the message",
    keeps: "messages for 7 days; what fails four times is given up, with a line in the log",
  }),
  cron: () => ({
    grain: "a minute; on the free plan a day, at some time within the hour",
    "missed times": "none, but a call that fails is not made again",
  }),
  secret: () => ({ "kept by": "the broker, and the app's place" }),
};
