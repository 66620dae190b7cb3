/** Codes without an example, why, and the test that gives them. */
export const TESTED_ELSEWHERE: Readonly<
  Record<string, { readonly file: string; readonly reason: string }>
> = {
  SC1000: {
    file: "test/manifest/limits.test.ts",
    reason: "needs more than a hundred errors",
  },
  SC1001: { file: "test/manifest/limits.test.ts", reason: "needs a file of more than 1 MiB" },
  SC3009: {
    file: "test/model/placement.test.ts",
    reason: "needs a vendor that does not serve every kind",
  },
  SC3015: {
    file: "test/model/services.test.ts",
    reason: "needs a catalogue with a service that is not available",
  },
  SC4017: {
    file: "test/review/check-removals.test.ts",
    reason: "needs the engine's plan",
  },
  SC5003: {
    file: "test/emit/crossplane.test.ts",
    reason: "needs a megabyte of code",
  },
  SC6001: { file: "test/cli/log.test.ts", reason: "needs a log on a disk" },
  SC8001: {
    file: "test/emit/build-artifacts.test.ts",
    reason: "needs sources on a disk",
  },
  SC8002: {
    file: "test/emit/build-artifacts.test.ts",
    reason: "needs sources on a disk",
  },
  SC8003: {
    file: "test/emit/build-artifacts.test.ts",
    reason: "needs sources on a disk",
  },
  SC8004: {
    file: "test/emit/build-artifacts.test.ts",
    reason: "needs sources on a disk",
  },
  SC8005: {
    file: "test/diagnostics/too-much-to-publish.test.ts",
    reason: "needs half a gigabyte of files",
  },
  SC8006: {
    file: "test/emit/build-artifacts.test.ts",
    reason: "needs sources on a disk",
  },
  SC8007: {
    file: "test/compile/write-stack.test.ts",
    reason: "needs a stack's folder on a disk",
  },
  SC8008: {
    file: "test/emit/build-netlify-output.test.ts",
    reason: "needs sources on a disk",
  },
};
