import { parse } from "yaml";
import { CROSSPLANE_FILES } from "../../compiler/4-emit/crossplane/crossplane-files.ts";
import type { Json } from "../../util/canonical-json.ts";
import { listAt, memberAt } from "../../util/json-access.ts";
import type { EngineStep } from "../engine-step.ts";

type Fields = { [key: string]: Json };

/** Kinds with which the composition only carries texts and credentials to the resources, and keeps them as long as they are used. */
const CARRIERS: ReadonlySet<string> = new Set(["Secret", "ProviderConfig", "Usage"]);

/**
 * Reads back what a printed composition would make of a new stack: one step for each resource, sorted by type and name, in the words of the other
 * engines. It knows nothing of how that was printed but Crossplane's own words and Upjet's rule for names. Throws for what is no such composition.
 */
export function readStack(files: ReadonlyMap<string, Uint8Array>): readonly EngineStep[] {
  const bytes = files.get(CROSSPLANE_FILES.composition);
  const composition: unknown = parse(new TextDecoder().decode(bytes));
  const pipeline = listAt(memberAt(composition, "spec"), "pipeline");
  if (pipeline === undefined) throw new Error("no composition");
  const templates = pipeline.flatMap((step) => listAt(memberAt(step, "input"), "resources") ?? []);
  const steps = templates.flatMap(readTemplate);
  return steps.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
}

function readTemplate(template: unknown): readonly EngineStep[] {
  const base = memberAt(template, "base");
  const kind = String(memberAt(base, "kind"));
  if (CARRIERS.has(kind)) return [];
  const type = typeOf(String(memberAt(base, "apiVersion")), kind);
  const name = String(memberAt(template, "name"));
  return [
    {
      operation: "create",
      urn: `${type}::${name}`,
      type,
      name,
      changed: [],
      replacedBecause: [],
      after: readArguments(base, listAt(template, "patches") ?? []),
    },
  ];
}

/** `r2.upjet-cloudflare.m.upbound.io/v1alpha1` and `Bucket` -> `cloudflare_r2_bucket`. */
function typeOf(apiVersion: string, kind: string): string {
  const [group = "", vendor = ""] = (apiVersion.split("/")[0] ?? "").split(".");
  const words = kind.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  if (group === "supercargo") return `supercargo_${words.replace(/^generated_/, "")}`;
  const name = vendor.replace(/^upjet-/, "");
  return group === name ? `${name}_${words}` : `${name}_${group}_${words}`;
}

/** What is patched in is not known yet; what comes from a Secret is not shown. */
function readArguments(base: unknown, patches: readonly unknown[]): Readonly<Record<string, Json>> {
  const spec = structuredClone(memberAt(base, "spec")) as { forProvider: Fields };
  for (const patch of patches) {
    const path = String(memberAt(patch, "toFieldPath"));
    if (!path.startsWith("spec.forProvider.")) continue;
    setAt(spec.forProvider, splitPath(path).slice(2), "[unknown]");
  }
  return hideSecrets(spec.forProvider) as Fields;
}

/** `spec.forProvider.bindings[3].id` -> its parts; between brackets a dot is part of a key. */
function splitPath(path: string): readonly string[] {
  return [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, key, word]) => key ?? word ?? "");
}

function setAt(fields: Fields, [first = "", ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) fields[first] = value;
  else setAt(fields[first] as Fields, rest, value);
}

function hideSecrets(value: Json): Json {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = key.replace(/SecretRef$/, "");
      return name === key ? [key, hideSecrets(inner)] : [name, "[secret]"];
    }),
  );
}
