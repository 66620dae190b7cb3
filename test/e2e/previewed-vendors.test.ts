import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Review } from "../../src/review/review.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

const WHOLE_MS = 600_000;
/** What the manifest's resources become, and some of what goes with them. */
const EVERYWHERE = ["address", "orders", "media", "session-key", "shop"];
const PARTS: Readonly<Record<string, readonly string[]>> = {
  aws: ["receipts", "nightly-report", "shop.rights", "shop.certificate-record.example-shop.com"],
  azure: [
    "receipts",
    "orders.data",
    "shop.rights.media",
    "shop.address.example-shop.com",
    "shop.tls.example-shop.com",
  ],
  gcp: [
    "receipts",
    "nightly-report",
    "shop.consumer",
    "shop.scheduled",
    "shop.address.example-shop.com",
  ],
  // Its database is at Neon; queues and schedules are a part of the deployment.
  vercel: ["neon.account", "neon.plan", "shop.deployment", "shop.connection.media"],
};

/** By the words of orchestrators that vouch: where one makes accounts, the stack has its own. */
const CASES = [
  ...Object.entries(PARTS).map(([id, parts]) => [id, "stripe, self", parts] as const),
  ...[
    ["aws", "aws-organizations"] as const,
    ["azure", "azure-subscriptions"] as const,
    ["gcp", "google-projects"] as const,
  ].map(([id, word]) => [id, `stripe, ${word}`, [...(PARTS[id] ?? []), `${id}.account`]] as const),
];

let project: Project;
afterEach(() => project.remove());

test.each(CASES)(
  "the storefront at %s, where %s vouches, is previewed by the real engine, and applied by nobody here",
  {
    timeout: WHOLE_MS,
  },
  async (id, word, parts) => {
    project = makeProject("storefront");
    const manifest = join(project.folder, "supercargo.yaml");
    const text = readFileSync(manifest, "utf8");
    const placed = text.replace("\nprovider: cloudflare\n", `\nprovider: ${id}\n`);
    const vouched = "\norchestrator: [stripe, self]\n";
    writeFileSync(manifest, placed.replace(vouched, `\norchestrator: [${word}]\n`));

    const preview = await runCli(["preview", "--json"], { cwd: project.folder });
    expect(preview.code, preview.stdout + preview.stderr).toBe(0);
    const envelope = readEnvelope(preview.stdout);
    const { review } = (envelope.ok ? envelope.data : {}) as unknown as { readonly review: Review };
    const created =
      review.changes?.filter(({ op }) => op === "create").map(({ name }) => name) ?? [];
    expect(created).toHaveLength(review.changes?.length ?? 0);
    expect(created).toEqual(expect.arrayContaining([...EVERYWHERE, ...parts]));

    const up = await runCli(["up", "--json"], { cwd: project.folder });
    const refused = readEnvelope(up.stdout);
    expect(up.code).toBe(1);
    expect(refused.ok ? undefined : refused.error?.code).toBe("only-previewed");
    // No sandbox was started and no book was opened for it.
    expect(existsSync(join(project.folder, ".supercargo/sandbox"))).toBe(false);
  },
);
