import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type CrossplaneTools,
  findCrossplane,
} from "../../src/deploy/crossplane/find-crossplane.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { compileText } from "../compile/compile-text.ts";
import { getAt } from "../support/crossplane/field-path.ts";
import { type Reconciled, reconcileStack } from "../support/crossplane/reconcile-stack.ts";
import {
  nameOf,
  readDocuments,
  renderHere,
  renderStack,
  writeDocuments,
} from "../support/crossplane/render-stack.ts";
import { startFunction } from "../support/crossplane/start-function.ts";
import type { Plain, PlainObject } from "../support/crossplane/struct-value.ts";

const tools = findCrossplane(thisMachine());
if (tools === undefined)
  console.warn(
    "skipped: no Crossplane on this machine; `npx supercargo doctor --fix --engine crossplane` builds it",
  );
/** Definitions of the vendors' kinds, which Crossplane's command line would take from the packages themselves, over the network. */
const SCHEMAS = process.env.SUPERCARGO_CROSSPLANE_SCHEMAS;
const TOOLS_MS = 300_000;

const run = promisify(execFile);
const STOREFRONT = join(import.meta.dirname, "../../templates/storefront/supercargo.yaml");

let folder = "";
let composition: PlainObject = {};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "supercargo-crossplane-"));
  const result = await compileText(readFileSync(STOREFRONT, "utf8"), { engine: "crossplane" });
  for (const [path, bytes] of result.files ?? []) {
    if (path.startsWith("crossplane/")) writeFileSync(join(folder, basename(path)), bytes);
  }
  [composition = {}] = printed("composition.yaml");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const printed = (name: string) => readDocuments(readFileSync(join(folder, name), "utf8"));
const firstStack = () => printed("stack.yaml")[0] ?? {};

/** The same, whoever renders. */
function expectComposed({ rounds }: Reconciled): void {
  expect([...(rounds[0]?.resources.keys() ?? [])].toSorted()).toEqual([
    ...["cloudflare.account", "cloudflare.provider/usage", "session-key", "shop/texts"],
  ]);
  const last = rounds.at(-1);
  const templates = getAt(composition, "spec.pipeline[0].input.resources") as PlainObject[];
  expect([...(last?.resources.keys() ?? [])].toSorted()).toEqual(
    templates.map(({ name }) => String(name)).toSorted(),
  );
  expect(getAt(last?.stack ?? {}, "status.urls.shop")).toBe("https://example-shop.com");
  const shop = last?.resources.get("shop") ?? {};
  expect(getAt(shop, "spec.forProvider.bindings")).toEqual([
    { name: "DB", type: "d1", id: "orders-id" },
    { name: "MEDIA", type: "r2_bucket", bucketName: "storefront-local-media" },
    { name: "RECEIPTS", type: "queue", queueName: "storefront-local-receipts" },
    ...[
      { name: "SESSION_KEY", type: "secret_text", secret: "local.session-key", key: "value" },
      { name: "SHOP_NAME", type: "plain_text", secret: "local.shop.texts", key: "SHOP_NAME" },
    ].map(({ secret, key, ...binding }) => ({ ...binding, textSecretRef: { name: secret, key } })),
  ]);
  expect(getAt(shop, "spec.forProvider.content")).toBe("// shop\n");
  const config = last?.resources.get("cloudflare.provider") ?? {};
  expect(getAt(config, "spec.credentials.secretRef")).toEqual({
    ...{ name: "local.cloudflare.access-token", namespace: "storefront", key: "credentials" },
  });
}

test("round by round the whole storefront is composed: nothing before what it reads", async () => {
  const render = async (stack: PlainObject, observed: readonly PlainObject[]) =>
    renderHere(composition, stack, observed);
  expectComposed(await reconcileStack(composition, firstStack(), render));
});

describe.skipIf(tools === undefined)("Crossplane's own tools", { timeout: TOOLS_MS }, () => {
  const own = tools as CrossplaneTools;
  let reconciled: Reconciled = { rounds: [], resources: [] };
  beforeAll(async () => {
    const { target, isReal, close } = await startFunction();
    console.info(`rendering with ${isReal ? "the real function" : "the function's stand-in"}`);
    try {
      reconciled = await reconcileStack(composition, firstStack(), (stack, observed) =>
        renderStack({ tools: own, folder, target, stack, observed }),
      );
    } finally {
      close();
    }
  }, TOOLS_MS);

  /** What the validator says of each document: `valid`, `missingSchema` where it does not know the kind, or what is wrong. */
  async function validate(documents: readonly PlainObject[]): Promise<readonly PlainObject[]> {
    const made = join(folder, "made.yaml");
    writeFileSync(made, writeDocuments(documents));
    const extensions = ["leases.yaml", "definition.yaml"].map((name) => join(folder, name));
    const schemas = SCHEMAS === undefined ? [own.schemas] : [own.schemas, SCHEMAS];
    const args = [
      ...["resource", "validate", [...extensions, ...schemas].join(","), made],
      ...["--crossplane-image=", "--cache-dir", join(folder, "cache"), "-o", "json"],
    ];
    const env = { HOME: folder, PATH: "/usr/bin:/bin" };
    const { stdout } = await run(own.command, args, {
      ...{ env, maxBuffer: 64 * 1024 * 1024 },
    }).catch((error: { readonly stdout: string }) => error);
    const verdict = JSON.parse(stdout.slice(stdout.indexOf("{"))) as { resources: PlainObject[] };
    expect(verdict.resources.length).toBeGreaterThanOrEqual(documents.length);
    return verdict.resources;
  }
  const faultsIn = (verdict: readonly PlainObject[]): readonly Plain[] =>
    verdict.filter(({ status }) => status !== "valid" && status !== "missingSchema");

  test("render the storefront round by round as the stand-in does", () => {
    expectComposed(reconciled);
  });

  test("find no fault with what is printed, rendered and told", async () => {
    const files = ["functions.yaml", "providers.yaml", "definition.yaml", "composition.yaml"];
    const stack = reconciled.rounds.at(-1)?.stack ?? {};
    const verdict = await validate([
      ...files.flatMap(printed),
      ...[firstStack(), stack],
      ...reconciled.resources,
    ]);
    expect(faultsIn(verdict)).toEqual([]);
    const unknown = verdict.filter(({ status }) => status === "missingSchema");
    const isCovered = ({ apiVersion }: PlainObject): boolean =>
      SCHEMAS !== undefined || !String(apiVersion).includes("upjet-cloudflare");
    // What a composition hands to its function is defined in the function's own package.
    expect(unknown.filter(isCovered).map(({ kind }) => kind)).toEqual(["Resources"]);
  });

  test("mind a lease of the wrong form, and a stack with a field that is none", async () => {
    const domain = reconciled.resources.find((one) => nameOf(one) === "address") ?? {};
    const broken = structuredClone(domain);
    (getAt(broken, "spec.forProvider") as PlainObject).years = "one";
    const strange = structuredClone(firstStack());
    (strange.spec as PlainObject).password = "open";
    expect(faultsIn(await validate([broken, strange]))).toHaveLength(2);
  });
});
