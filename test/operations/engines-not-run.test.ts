import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileProject } from "../../src/operations/compile-project.ts";
import { destroyProject } from "../../src/operations/destroy-project.ts";
import { previewProject } from "../../src/operations/preview-project.ts";
import { SILENT_PROGRESS } from "../../src/operations/progress.ts";
import { refuseUnmirrored } from "../../src/operations/refuse-unmirrored.ts";
import { upProject } from "../../src/operations/up-project.ts";
import type { Workplace } from "../../src/operations/workplace.ts";

const MANIFEST = `apiVersion: supercargo/v1
name: acme
principal: { email: founder@example.com }
agent: { id: build-bot }
orchestrator: [stripe]
payment: [stripe]
provider: cloudflare
resources:
  address: { kind: domain, domain: example-shop.com, maxPrice: 12.00 USD }
  orders: { kind: database }
`;

let cwd = "";
let workplace: Workplace;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "sc-engines-"));
  // Nothing on it: no engine could be found, and none be built.
  const env = { PATH: cwd, HOME: cwd };
  workplace = { cwd, env, progress: SILENT_PROGRESS, signal: new AbortController().signal };
  write("cloudflare");
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function write(provider: string): void {
  const text = MANIFEST.replace("provider: cloudflare", `provider: ${provider}`);
  const kept = provider === "cloudflare" ? text : text.replace(/ {2}address.*\n/, "");
  writeFileSync(join(cwd, "supercargo.yaml"), kept);
}

const codeOf = (outcome: { readonly ok: boolean }) =>
  "failure" in outcome ? (outcome.failure as { readonly code: string }).code : "done";

describe("a stack for Crossplane", () => {
  const query = { engine: "crossplane" } as const;

  test("is refused by `up` and `destroy` before anything is written", async () => {
    expect(codeOf(await upProject(workplace, query))).toBe("engine-only-printed");
    const confirm = async () => true;
    expect(codeOf(await destroyProject(workplace, { ...query, confirm }))).toBe(
      "engine-only-printed",
    );
    expect(existsSync(join(cwd, "stacks"))).toBe(false);
    expect(existsSync(join(cwd, ".supercargo/sandbox"))).toBe(false);
  });

  test("is previewed as new, without any engine", async () => {
    const outcome = await previewProject(workplace, query);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
    const { review, changes } = outcome.data;
    expect(changes).toBe(5);
    expect(review.changes?.map(({ op, type, name }) => `${op} ${type} ${name}`)).toContain(
      "create cloudflare_d1_database orders",
    );
    expect(review.cost.oneTime).toEqual(["10.44 USD"]);
    expect(outcome.diagnostics.map(({ code }) => code)).toContain("SC5002");
    expect(outcome.nextSteps.join()).not.toContain("up");
    expect(outcome.warnings.join()).toContain("nothing applies it");
  });

  test("is said to be printed only where its review is read alone", async () => {
    const outcome = await previewProject(workplace, { ...query, out: "out" });
    expect(outcome).toMatchObject({ ok: true, data: { verdict: "printed-only" } });
    const read = (file: string) => readFileSync(join(cwd, "out", file), "utf8");
    expect(JSON.parse(read("review.json"))).toMatchObject({
      verdict: "printed-only",
      findings: expect.arrayContaining([expect.objectContaining({ code: "SC5002" })]),
    });
    expect(read("review.md")).toContain("**Printed only: nothing applies it");
    expect(read("review.md")).toContain("SC5002");
    expect(read("review.md")).not.toContain("Ready");
  });

  test("is previewed without any resource, too", async () => {
    const text = MANIFEST.replace(/resources:\n[\s\S]*/, "resources: {}\n");
    writeFileSync(join(cwd, "supercargo.yaml"), text);
    const outcome = await previewProject(workplace, query);
    expect(outcome).toMatchObject({ ok: true, data: { changes: 0, verdict: "printed-only" } });
  });

  test("leaves nothing else in its folder, which is applied as a whole", async () => {
    await compileProject(workplace, query);
    const folder = join(cwd, "stacks/acme/crossplane");
    writeFileSync(join(folder, "planted.yaml"), "kind: Pod\n");
    expect(codeOf(await compileProject(workplace, { ...query, check: true }))).toBe(
      "stack-drifted",
    );
    await compileProject(workplace, query);
    expect(readdirSync(folder).toSorted()).toEqual([
      ...["composition.yaml", "definition.yaml", "functions.yaml", "leases.yaml"],
      ...["providers.yaml", "stack.yaml"],
    ]);
    expect(readFileSync(join(folder, "providers.yaml"), "utf8")).toContain(
      "xpkg.upbound.io/wildbitca/provider-cloudflare-d1:",
    );
  });
});

describe("a stack for OpenTofu of which there is no provider here", () => {
  const lowered = [
    {
      ...{ provider: "elsewhere", artifacts: [], permissions: [], prices: [], outputs: {} },
      resources: [{ name: "shop", origin: "shop", type: "elsewhere_app", args: {} }],
    },
  ];

  test.each(["plan", "apply"] as const)("is refused before the %s, by name", (act) => {
    const refused = refuseUnmirrored("opentofu", lowered, act);
    expect(refused?.failure.code).toBe("engine-without-provider");
    expect(refused?.failure.message).toContain("`elsewhere`");
    expect(refuseUnmirrored("pulumi", lowered, act)).toBeUndefined();
  });

  test("is planned and not applied where the provider plays in plans alone", () => {
    const own = lowered.map((one) => ({
      ...one,
      resources: one.resources.map((resource) => ({ ...resource, type: "docker_container" })),
    }));
    expect(refuseUnmirrored("opentofu", own, "plan")).toBeUndefined();
    expect(refuseUnmirrored("opentofu", own, "apply")?.failure.code).toBe(
      "engine-without-provider",
    );
  });
});
