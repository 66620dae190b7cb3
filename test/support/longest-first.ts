import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take more than about a quarter of a minute, longest first, by what each does. A fresh clone has no durations of earlier runs, and by size,
 * vitest's own measure, the longest of all would come last and leave a core without work.
 */
const SLOW = [
  // By night: hundreds of killed runs.
  "test/long/random-kills.test.ts",
  "test/long/kill-at-every-step.test.ts",
  // `up` of the real engine, over and over, each time killed.
  "test/crash/kill-rights-at-every-step.test.ts",
  "test/crash/kill-purchases-at-every-step.test.ts",
  // Runs of the real engine on whole projects.
  "test/deploy/stand-in-engine.test.ts",
  "test/leaks/no-secret-leaks.test.ts",
  "test/e2e/rights.test.ts",
  "test/e2e/removal.test.ts",
  "test/e2e/storefront.test.ts",
  "test/e2e/minimal.test.ts",
  "test/e2e/outage.test.ts",
  "test/e2e/postgres-ledger.test.ts",
  "test/cli/interrupt.test.ts",
  "test/e2e/attack.test.ts",
  "test/e2e/demo.test.ts",
  "test/resources/lifecycle.test.ts",
  // Bundles that are built again and again.
  "test/startup/bundle.test.ts",
  // Many brokers in processes of their own.
  "test/exam/crash-exam.test.ts",
  "test/exam/domain-rush.test.ts",
  "test/broker/kill.test.ts",
  // A process for each command line.
  "test/cli/transcripts.test.ts",
  "test/cli/contract.test.ts",
  "test/cli/log.test.ts",
  // Every case that there is.
  "test/broker/crash.test.ts",
  "test/broker/ledger-postgres.test.ts",
  "test/log/sink-failures.test.ts",
  "test/broker/caps.property.test.ts",
];

/** Starts the slow files first, so that the workers end together; the others in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const gone = SLOW.filter((file) => !existsSync(join(root, file)));
    if (gone.length > 0)
      throw new Error(`longest-first.ts names what is not there: ${gone.join(", ")}`);
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = SLOW.indexOf(relative(root, moduleId));
      return index === -1 ? SLOW.length : index;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
