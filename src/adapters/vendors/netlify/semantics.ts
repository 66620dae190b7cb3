import type { VendorSemantics } from "../semantics.ts";

const ADDRESS =
  "a certificate of Netlify's own; the name's record goes into the zone of the domain";

/** What each kind is like at Netlify; the pages are in the README. */
export const NETLIFY_SEMANTICS: VendorSemantics = {
  app: () => ({
    "runs in":
      "functions of Node 24 with 1 GB, 60 seconds a request and bodies of 6 MB, in one region",
    scales: "by itself, down to nothing",
    address: ADDRESS,
  }),
  site: () => ({ "served from": "caches all over the world", address: ADDRESS }),
  bucket: () => ({
    interface: "R2's for the one app that has it, without parts and conditions",
    copies: "kept several times",
    delivery: "through the app",
  }),
  kv: () => ({
    consistency: "what was written is read at once",
    writes: "as many as come; of two at a time, the last one stays",
    reads: "from one region",
  }),
  queue: () => ({
    delivery: "at least once, in no certain order, within a minute, to the one app that has it",
    keeps: "messages until they are handled; what fails four times stays for people",
  }),
  cron: () => ({
    grain: "a minute, for at most 30 seconds",
    "missed times": "none, but a call that fails is not made again",
  }),
  secret: () => ({ "kept by": "the broker, and the app's place" }),
};
