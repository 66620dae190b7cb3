import { describe, expect, it } from "vitest";
import { ENGINE_ERRORS } from "../../src/deploy/engine-error.ts";
import { type FailedRun, readEngineFailure } from "../../src/deploy/read-engine-failure.ts";

const URN = "urn:pulumi:local::shop::pulumi-nodejs:dynamic/supercargo:PaymentToken::payment";
const BASE: FailedRun = { exitCode: 255, interrupted: false, stderr: "", errors: [] };

/** What Pulumi 3.255.0 said in runs. */
const SAID: readonly [code: keyof typeof ENGINE_ERRORS, run: Partial<FailedRun>][] = [
  [
    "stack-locked",
    {
      stderr:
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n  file:///x.json: created by me@host (pid 4711) at 2026-11-24T00:00:00Z",
    },
  ],
  [
    "passphrase-wrong",
    {
      stderr: "error: getting stack configuration: get stack secrets manager: incorrect passphrase",
    },
  ],
  ["stack-missing", { exitCode: 6, stderr: "error: no stack named 'prod' found" }],
  [
    "state-unreadable",
    { stderr: "error: failed to load checkpoint: place 1: unexpected end of JSON input" },
  ],
  [
    "plugin-missing",
    {
      errors: [
        {
          urn: "urn:pulumi:local::shop::pulumi:providers:cloudflare::p",
          text: "no resource plugin 'pulumi-resource-cloudflare' found in the workspace at version v6.22.1 or on your $PATH",
        },
      ],
    },
  ],
  [
    "module-missing",
    {
      errors: [
        {
          urn: undefined,
          text: "Running program '/x/index.ts' failed with an unhandled exception:\nError: Cannot find package 'nope' imported from /x/index.ts",
        },
      ],
    },
  ],
  [
    "program-failed",
    {
      errors: [
        {
          urn: undefined,
          text: "Running program '/x/index.ts' failed with an unhandled exception:\nError: canary",
        },
      ],
    },
  ],
  ["interrupted", { interrupted: true }],
  ["engine-crashed", { exitCode: null }],
  ["engine-failed", { stderr: "error: something nobody has seen: canary" }],
];

describe("readEngineFailure", () => {
  it.each(SAID)("knows %s by the engine's own words, and forwards none of them", (code, run) => {
    const error = readEngineFailure({ ...BASE, ...run });
    expect(error).toMatchObject({ code, ...ENGINE_ERRORS[code] });
    expect(JSON.stringify(error)).not.toContain("canary");
  });

  it("names the process that holds a lock", () => {
    const [, run] = SAID[0] ?? [];
    expect(readEngineFailure({ ...BASE, ...run }).detail).toBe("process 4711");
  });

  it("takes the broker's code of a resource, from a check as from an act", () => {
    for (const text of [
      "supercargo: update of payment-token failed with code cap_exceeded\n",
      "pulumi-nodejs:dynamic/supercargo:PaymentToken resource 'payment' has a problem: cap_exceeded: `cap` is wrong",
    ]) {
      expect(readEngineFailure({ ...BASE, errors: [{ urn: URN, text }] })).toMatchObject({
        code: "resource-refused",
        resources: [{ resource: "payment", urn: URN, code: "cap_exceeded" }],
      });
    }
  });

  it.each([
    "POST /accounts/a1/r2/buckets was answered with 409 (Cloudflare 10004)",
    'failed to make http request: POST "https://api.cloudflare.com/client/v4/accounts/a1/r2/buckets?x=1": 409 Conflict {"success":false,"errors":[{"code":10004,"message":"canary"}]}',
  ])("takes method, path, status and codes of a refused request: %s", (text) => {
    const urn = "urn:pulumi:local::shop::cloudflare:index/r2Bucket:R2Bucket::media";
    const error = readEngineFailure({ ...BASE, errors: [{ urn, text }] });
    expect(error).toMatchObject({
      code: "request-refused",
      resources: [{ resource: "media", code: "request-refused" }],
    });
    expect(error.resources[0]?.request).toMatchObject({
      method: "POST",
      status: 409,
      codes: [10004],
    });
    expect(error.resources[0]?.request?.path).toMatch(/\/accounts\/a1\/r2\/buckets$/);
    expect(JSON.stringify(error)).not.toContain("canary");
  });

  it("tells a provider that does not answer from one that refuses", () => {
    const urn = "urn:pulumi:local::shop::cloudflare:index/r2Bucket:R2Bucket::media";
    const text = "GET /accounts/a1/r2/buckets/media was answered with no connection";
    expect(readEngineFailure({ ...BASE, errors: [{ urn, text }] }).code).toBe(
      "provider-unreachable",
    );
  });
});
