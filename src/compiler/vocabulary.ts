/** The portable resource kinds, in the order of the reference. */
export const RESOURCE_KINDS = [
  "app",
  "site",
  "database",
  "bucket",
  "kv",
  "queue",
  "cron",
  "domain",
  "dns",
  "secret",
  "service",
] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** What a stack can be printed for: each has a dialect of its own. The first is the default. */
export const ENGINES = ["pulumi", "opentofu", "crossplane"] as const;
export type EngineId = (typeof ENGINES)[number];

/** Those that are run here and apply a stack; for the others it is printed, reviewed and nothing more. */
export const APPLYING_ENGINES = ["pulumi", "opentofu"] as const satisfies readonly EngineId[];
export type ApplyingEngineId = (typeof APPLYING_ENGINES)[number];

/** Verbs of the permission matrix with their irreversibility class (R0 harmless ... R4 irreversible). */
export const VERB_CLASSES = {
  read: "R0",
  plan: "R0",
  deploy: "R1",
  update: "R1",
  "create-free": "R1",
  rotate: "R1",
  revoke: "R1",
  "create-paid": "R2",
  renew: "R2",
  "issue-token": "R2",
  "raise-limit": "R3",
  "change-policy": "R3",
  approve: "R3",
  settle: "R3",
  claim: "R3",
  move: "R3",
  delete: "R4",
  transfer: "R4",
  "export-secret": "R4",
  "change-registrant": "R4",
  "disable-lock": "R4",
  "close-account": "R4",
} as const;
export type Verb = keyof typeof VERB_CLASSES;
