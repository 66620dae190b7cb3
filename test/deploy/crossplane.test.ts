import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { findCrossplane } from "../../src/deploy/crossplane/find-crossplane.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { compileText } from "../compile/compile-text.ts";
import { getAt } from "../support/crossplane/field-path.ts";
import {
  nameOf,
  type Rendered,
  readDocuments,
  renderStack,
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

const run = promisify(execFile);
const STOREFRONT = join(import.meta.dirname, "../../templates/storefront/supercargo.yaml");
/** More than the longest chain of resources that wait for each other. */
const ROUNDS_MAX = 12;

describe.skipIf(tools === undefined)(
  "Crossplane's own tools on the storefront",
  { timeout: 300_000 },
  () => {
    let folder = "";
    let rounds: readonly Rendered[] = [];
    let resources: readonly PlainObject[] = [];
    let target = { target: "", isReal: false, close: () => {} };
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "supercargo-crossplane-"));
      const result = await compileText(readFileSync(STOREFRONT, "utf8"), { engine: "crossplane" });
      for (const [path, bytes] of result.files ?? []) {
        if (path.startsWith("crossplane/")) writeFileSync(join(folder, basename(path)), bytes);
      }
      target = await startFunction();
      console.info(`rendered with the ${target.isReal ? "real function" : "stand-in"}`);
      ({ rounds, resources } = await reconcile());
    }, 300_000);
    afterAll(() => {
      target.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const file = (name: string) => join(folder, name);
    const printed = (name: string) => readDocuments(readFileSync(file(name), "utf8"));

    /** Renders until nothing new comes, each time with what a cluster would then have. */
    async function reconcile() {
      const done: Rendered[] = [];
      let [stack = {}] = printed("stack.yaml");
      let observed: readonly PlainObject[] = [];
      for (let round = 0; round < ROUNDS_MAX; round++) {
        if (tools === undefined) throw new Error("no tools");
        const rendered = await renderStack({ tools, folder, stack, observed, ...target });
        const before = JSON.stringify([stack.status, observed.length]);
        ({ stack } = rendered);
        observed = [...rendered.resources.values()].map(serve);
        done.push(rendered);
        if (JSON.stringify([stack.status, observed.length]) === before) break;
      }
      return { rounds: done, resources: observed };
    }

    /** What a controller would say of a resource: what it was given, and what the stack wants to know. */
    function serve(resource: PlainObject): PlainObject {
      const given = getAt(resource, "spec.forProvider") ?? {};
      const name = nameOf(resource);
      const told = outputsOf(name).map((output) => [
        output,
        getAt(given as PlainObject, output) ?? `${name}-${output}`,
      ]);
      const conditions = [
        {
          ...{ type: "Ready", status: "True", reason: "Available" },
          lastTransitionTime: "2026-01-01T00:00:00Z",
        },
      ];
      const metadata = resource.metadata as PlainObject;
      return {
        ...resource,
        metadata: { ...metadata, name: metadata.name ?? `made-${name.replaceAll("/", "-")}` },
        ...(getAt(resource, "spec.forProvider") !== undefined && {
          status: {
            atProvider: { ...(given as PlainObject), ...Object.fromEntries(told) },
            conditions,
          },
        }),
      };
    }

    function outputsOf(name: string): readonly string[] {
      const [composition = {}] = printed("composition.yaml");
      const templates = getAt(composition, "spec.pipeline[0].input.resources") as PlainObject[];
      const template = templates.find((one) => one.name === name);
      return ((template?.patches ?? []) as PlainObject[])
        .map(({ type, fromFieldPath }) => (type === "ToCompositeFieldPath" ? fromFieldPath : ""))
        .map((path) => /^status\.atProvider\.(\w+)$/.exec(String(path))?.[1])
        .filter((output) => output !== undefined);
    }

    async function validate(documents: readonly PlainObject[]) {
      writeFileSync(file("made.yaml"), documents.map((one) => `---\n${stringify(one)}`).join(""));
      const extensions = ["leases.yaml", "definition.yaml"].map(file);
      const args = [
        ...["resource", "validate"],
        [...extensions, tools?.schemas, ...(SCHEMAS === undefined ? [] : [SCHEMAS])].join(","),
        ...[file("made.yaml"), "--crossplane-image=", "--cache-dir", file("cache"), "-o", "json"],
      ];
      const env = { HOME: folder, PATH: "/usr/bin:/bin" };
      const { stdout } = await run(tools?.command ?? "", args, {
        env,
        maxBuffer: 64 * 1024 * 1024,
      }).catch((error: { readonly stdout: string }) => error);
      return JSON.parse(stdout.slice(stdout.indexOf("{"))) as Plain;
    }

    test("what is rendered first is what waits for nothing", () => {
      expect([...(rounds[0]?.resources.keys() ?? [])].toSorted()).toEqual([
        ...["cloudflare.account", "cloudflare.provider/usage", "session-key", "shop/texts"],
      ]);
    });

    test("round by round the whole stack is composed, and its address told", () => {
      const last = rounds.at(-1);
      expect([...(last?.resources.keys() ?? [])].toSorted()).toEqual(
        (
          getAt(
            printed("composition.yaml")[0] ?? {},
            "spec.pipeline[0].input.resources",
          ) as PlainObject[]
        )
          .map(({ name }) => String(name))
          .toSorted(),
      );
      expect(getAt(last?.stack ?? {}, "status.urls.shop")).toBe("https://example-shop.com");
      expect(rounds.length).toBeLessThan(ROUNDS_MAX);
    });

    test("every reference arrives, and no secret does", () => {
      const shop = rounds.at(-1)?.resources.get("shop") ?? {};
      const bindings = getAt(shop, "spec.forProvider.bindings") as PlainObject[];
      expect(bindings).toMatchObject([
        { name: "DB", id: "orders-id" },
        { name: "MEDIA", bucketName: "storefront-local-media" },
        { name: "RECEIPTS", queueName: "storefront-local-receipts" },
        { name: "SESSION_KEY", textSecretRef: { name: "local.session-key", key: "value" } },
        { name: "SHOP_NAME", textSecretRef: { name: "local.shop.texts", key: "SHOP_NAME" } },
      ]);
      expect(getAt(shop, "spec.forProvider.content")).toBe("// shop\n");
      const config = rounds.at(-1)?.resources.get("cloudflare.provider") ?? {};
      expect(getAt(config, "spec.credentials.secretRef")).toEqual({
        ...{ name: "local.cloudflare.access-token", namespace: "storefront", key: "credentials" },
      });
    });

    test("the validator finds no fault with what is printed, rendered and told", async () => {
      const files = ["functions.yaml", "providers.yaml", "definition.yaml", "composition.yaml"];
      const stack = rounds.at(-1)?.stack ?? {};
      const verdict = await validate([
        ...files.flatMap(printed),
        ...printed("stack.yaml"),
        { ...stack },
        ...resources,
      ]);
      expect(faultsIn(verdict), JSON.stringify(verdict, undefined, 1)).toEqual([]);
    });

    test("the validator minds a lease of the wrong form", async () => {
      const domain = resources.find((one) => nameOf(one) === "address") ?? {};
      const broken = structuredClone(domain);
      (getAt(broken, "spec.forProvider") as PlainObject).years = "one";
      expect(faultsIn(await validate([broken]))).toHaveLength(1);
    });

    /** Resources that are invalid; where a kind is not known the validator says so, and that is no fault of the resource. */
    function faultsIn(verdict: Plain): readonly Plain[] {
      const results = (verdict as { readonly resources?: readonly PlainObject[] }).resources ?? [];
      expect(results.length).toBeGreaterThan(0);
      const known = new Set(["valid", "missingSchema"]);
      return results.filter(({ status }) => !known.has(String(status)));
    }
  },
);
