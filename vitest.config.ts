import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** What tries every case there is, or a drill of one size: no larger by night, but its figures belong into the nightly table. */
const EXHAUSTIVE = [
  "test/alerts/deliver-alerts.test.ts",
  "test/broker/alerts.test.ts",
  "test/broker/crash.test.ts",
  "test/broker/outage-kinds.test.ts",
  "test/broker/queue.test.ts",
  "test/broker/theft.test.ts",
  "test/domains/hostnames.test.ts",
  "test/domains/look-alikes.test.ts",
  "test/exam/crash-exam.test.ts",
  "test/exam/domain-rush.test.ts",
  "test/leaks/find-leaks.test.ts",
  "test/log/merkle-vectors.test.ts",
  "test/log/sink-failures.test.ts",
  "test/permissions/never.test.ts",
];

/** `--mode long` runs `test/long` instead, and what is exhaustive: minutes to hours, outside `npm test`. */
export default defineConfig(({ mode }) => {
  const isLong = mode === "long";
  return {
    test: {
      include: isLong ? ["test/long/**/*.test.ts", ...EXHAUSTIVE] : ["test/**/*.test.ts"],
      exclude: isLong ? ["**/node_modules/**"] : ["test/long/**", "**/node_modules/**"],
      // Ends what hangs, and measures nothing: a machine with other work may be ten times slower than a quiet one.
      testTimeout: isLong ? 3_600_000 : 120_000,
      hookTimeout: 300_000,
      maxWorkers: 2,
      sequence: { sequencer: LongestFirst },
      reporters: ["default", "./test/promises/promise-reporter.ts"],
    },
  };
});
