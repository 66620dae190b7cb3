import { defineConfig } from "vitest/config";

/** What tries every case there is: no larger by night, but its figures belong into the nightly table. */
const EXHAUSTIVE = [
  "test/broker/crash.test.ts",
  "test/broker/theft.test.ts",
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
      testTimeout: isLong ? 3_600_000 : 30_000,
      hookTimeout: 120_000,
      maxWorkers: 2,
      reporters: ["default", "./test/promises/promise-reporter.ts"],
    },
  };
});
