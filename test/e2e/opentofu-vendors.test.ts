import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { findOpentofu } from "../../src/deploy/opentofu/find-opentofu.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { compareEngines } from "../../src/operations/compare-engines.ts";
import { SILENT_PROGRESS } from "../../src/operations/progress.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

const engine = await findOpentofu(thisMachine());
if (engine === undefined) console.warn("skipped: no OpenTofu on this machine");

/** The storefront at each of them, where this one vouches, becomes at least so many resources. */
const LEAST: readonly (readonly [provider: string, word: string, least: number])[] = [
  ["aws", "self", 30],
  ["aws", "aws-organizations", 31],
  ["azure", "self", 20],
  ["azure", "azure-subscriptions", 21],
  ["gcp", "self", 20],
  ["gcp", "google-projects", 21],
  ["container", "self", 12],
  ["vercel", "self", 12],
  ["netlify", "self", 12],
];

let project: Project;
afterEach(() => project.remove());

describe.skipIf(engine === undefined)("the storefront beyond Cloudflare", () => {
  test.each(LEAST)(
    "at %s, where %s vouches: Pulumi and OpenTofu agree on resources, permissions, cost and approvals, and nothing is made",
    { timeout: 600_000 },
    async (id, word, least) => {
      project = makeProject("storefront");
      const manifest = join(project.folder, "supercargo.yaml");
      const text = readFileSync(manifest, "utf8");
      const placed = text.replace("\nprovider: cloudflare\n", `\nprovider: ${id}\n`);
      writeFileSync(manifest, placed.replace("[stripe, self]", `[stripe, ${word}]`));

      const { signal } = new AbortController();
      const workplace = {
        ...{ cwd: project.folder, env: process.env, progress: SILENT_PROGRESS, signal },
      };
      const outcome = await compareEngines(workplace, {
        ...{ path: manifest, engines: ["pulumi", "opentofu"] },
      });
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
      const [pulumi, opentofu] = outcome.data.engines;
      expect(outcome.data.differences).toEqual([]);
      expect(opentofu?.resources).toEqual(pulumi?.resources);
      expect(opentofu?.cost).toEqual(pulumi?.cost);
      expect(opentofu?.resources.length).toBeGreaterThan(least);
      expect(opentofu?.resources.filter((line) => !line.startsWith("create "))).toEqual([]);

      const up = await runCli(["up", "--engine", "opentofu", "--json"], { cwd: project.folder });
      const refused = readEnvelope(up.stdout);
      expect(up.code, up.stdout).toBe(1);
      expect(refused.ok ? undefined : refused.error?.code).toMatch(
        /^(?:only-previewed|engine-without-provider)$/,
      );
      expect(existsSync(join(project.folder, ".supercargo/sandbox"))).toBe(false);
    },
  );
});
