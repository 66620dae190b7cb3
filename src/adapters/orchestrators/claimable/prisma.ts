import { createHash } from "node:crypto";
import { textAt } from "../../../util/json-access.ts";
import { parseJson } from "../../../util/parse-json.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { readTime } from "../read-time.ts";
import { type CliPlace, runCli } from "../run-cli.ts";
import { CAPABILITIES } from "./capabilities.ts";
import type { ClaimableVendor } from "./vendor.ts";

export interface PrismaOptions extends Omit<CliPlace, "program"> {
  /** The installed program, e.g. `["create-db"]`: nothing is fetched from a registry while money is at hand. */
  readonly program: CliPlace["program"];
  /** Default 24 hours, which is the program's own. */
  readonly ttlHours?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs the program, default as a process. */
  readonly run?: typeof runCli | undefined;
}

/** A Prisma Postgres database, by the program `create-db`. */
export function createPrismaVendor(options: PrismaOptions): ClaimableVendor {
  const { ttlHours = 24, now, run = runCli } = options;
  const lifeMs = ttlHours * 3_600_000;
  return {
    id: "prisma",
    capabilities: CAPABILITIES,
    lifeMs,
    isRepeatable: false,
    async isHealthy() {
      const asked = await run(options, ["--version"]);
      return asked.kind === "exit" && asked.status === 0;
    },
    async make() {
      const made = await run(options, ["create", "--json", "--ttl", `${ttlHours}h`]);
      if (made.kind === "failure" && made.failure === "missing")
        return { kind: "refused", code: "unreachable" };
      const body = made.kind === "exit" && made.status === 0 ? parseJson(made.stdout) : undefined;
      const token = textAt(body, ["connectionString"], /^postgres(ql)?:\/\/\S{8,4096}$/);
      const claimUrl = readConsentUrl(textAt(body, ["claimUrl"]));
      // What was printed may have been cut off after the database was made.
      if (token === undefined || claimUrl === undefined)
        return { kind: "unknown", code: "malformed" };
      const claimUntil =
        readTime(textAt(body, ["deletionDate"])) ?? new Date(now() + lifeMs).toISOString();
      // It has no id of its own; the link, hashed, tells it from others.
      const accountId = `prisma_${createHash("sha256").update(claimUrl).digest("hex").slice(0, 24)}`;
      return { accountId, token, expiresAt: claimUntil, claimUrl, claimUntil };
    },
  };
}
