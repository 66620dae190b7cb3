import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Review } from "../../src/review/review.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

const WHOLE_MS = 600_000;
let project: Project;
beforeAll(() => {
  project = makeProject("storefront");
  writeFileSync(
    join(project.folder, "supercargo.yaml"),
    `apiVersion: supercargo/v1
name: gallery
principal: { email: founder@example.com }
agent: { id: build-bot }
orchestrator: [stripe]
payment: [stripe]
provider: vercel
resources:
  address: { kind: domain, domain: example-shop.com, maxPrice: 12.00 USD }
  media: { kind: bucket }
  key: { kind: secret }
  receipts: { kind: queue }
  docs: { kind: site, source: ./app }
  gallery:
    kind: app
    source: ./app
    bind: { MEDIA: media, SESSION_KEY: key, RECEIPTS: receipts }
    consumes: [receipts]
    env: { DOCS: "\${docs.url}" }
    routes: ["\${address.domain}/*"]
  nightly: { kind: cron, app: gallery, schedule: "0 3 * * *" }
`,
  );
  writeFileSync(
    join(project.folder, "guardrails.yaml"),
    `apiVersion: supercargo/v1
caps: { categories: { domains: 15.00 USD } }
allowed: { providers: [cloudflare, vercel], services: ["cloudflare/*", "vercel/*"], tlds: [com] }
`,
  );
});
afterAll(() => project.remove());

test("a stack at Vercel is previewed by the real engine, and applied by nobody here", {
  timeout: WHOLE_MS,
}, async () => {
  const preview = await runCli(["preview", "--json"], { cwd: project.folder });
  expect(preview.code, preview.stdout + preview.stderr).toBe(0);
  const envelope = readEnvelope(preview.stdout);
  const { review } = (envelope.ok ? envelope.data : {}) as unknown as { readonly review: Review };
  const created = review.changes?.filter(({ op }) => op === "create").map(({ name }) => name) ?? [];
  expect(created).toHaveLength(review.changes?.length ?? 0);
  expect(created).toEqual(
    expect.arrayContaining([
      ...["address", "media", "key", "docs", "docs.domain", "docs.deployment", "gallery"],
      ...["gallery.domain.example-shop.com", "gallery.address.example-shop.com"],
      ...["gallery.connection.media", "gallery.cron-variable", "gallery.deployment"],
    ]),
  );

  const up = await runCli(["up", "--json"], { cwd: project.folder });
  const refused = readEnvelope(up.stdout);
  expect(up.code).toBe(1);
  expect(refused.ok ? undefined : refused.error?.code).toBe("only-previewed");
  // No sandbox was started and no book was opened for it.
  expect(existsSync(join(project.folder, ".supercargo/sandbox"))).toBe(false);
});
