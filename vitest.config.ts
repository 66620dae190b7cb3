import { defineConfig } from "vitest/config";

/** `--mode long` runs `test/long` instead: minutes to hours, outside `npm test`. */
export default defineConfig(({ mode }) => {
  const isLong = mode === "long";
  return {
    test: {
      include: isLong ? ["test/long/**/*.test.ts"] : ["test/**/*.test.ts"],
      exclude: isLong ? ["**/node_modules/**"] : ["test/long/**", "**/node_modules/**"],
      testTimeout: isLong ? 3_600_000 : 30_000,
      hookTimeout: 120_000,
      maxWorkers: 2,
      reporters: ["default", "./test/promises/promise-reporter.ts"],
    },
  };
});
