import type { LoweredResource, LoweredText } from "../../../adapters/vendors/contract.ts";
import { CLOUDFLARE_CONFIG, type ClusterKind, clusterKind } from "./crossplane-names.ts";
import { fieldPath } from "./field-path.ts";
import { makeText, requirePatch } from "./make-text.ts";
import type { YamlValue } from "./print-yaml.ts";
import { outputPath, type Patch, type PlainText, type Printing } from "./printing.ts";
import { hasSecrets, secretName } from "./secret-outputs.ts";
import { patchCode, templateFields, textsName } from "./template-value.ts";

const FOR_PROVIDER = ["spec", "forProvider"] as const;
/** Keeps Crossplane from deleting what is in use. */
const USAGE: ClusterKind = { apiVersion: "protection.crossplane.io/v1beta1", kind: "Usage" };
const URL_ANNOTATION = "supercargo.dev/url";

/** An entry of the composition's list of resources. */
export type Template = { readonly [key: string]: YamlValue };

/** What goes into the composition besides a resource's own arguments. */
export interface TemplateContext extends Omit<Printing, "resource" | "patches" | "texts"> {
  readonly project: string;
  /** Outputs that others read, by resource. */
  readonly read: ReadonlyMap<string, ReadonlySet<string>>;
  /** Addresses to show, by manifest resource. */
  readonly urls: ReadonlyMap<string, LoweredText>;
}

/** The templates of one lowered resource: its own, before it that of a Secret for texts which are none, where there are any. */
export function composedTemplates(
  resource: LoweredResource,
  context: TemplateContext,
): readonly Template[] {
  const printing: Printing = { ...context, resource, patches: [], texts: [] };
  if (resource.type === "provider_cloudflare") return configTemplates(printing);
  const kind = clusterKind(resource.type);
  if (kind === undefined) {
    const [name] = resource.type.replace(/^provider_/, "").split("_");
    printing.refuse(`no provider of \`${name}\` for Crossplane is known here`);
    return [];
  }
  const spec = printSpec(printing, context.project);
  waitFor(printing);
  const url = context.urls.get(resource.name);
  const patches = [
    ...printing.patches,
    ...(url === undefined ? [] : showUrl(url, printing)),
    ...[...(context.read.get(resource.name) ?? [])].map((output) =>
      tellOutput(resource.name, output),
    ),
  ];
  // What others name has a name of ours: that of its Secret.
  const metadata = { name: secretName(context.stack, resource.name) };
  const base = { ...kind, ...(hasSecrets(resource.type) && { metadata }), spec };
  const own = template(resource.name, base, patches);
  return printing.texts.length === 0 ? [own] : [textsTemplate(printing), own];
}

function printSpec(printing: Printing, project: string): YamlValue {
  const { resource, stack } = printing;
  const { name, type, provider, retain } = resource;
  const isLease = type.startsWith("supercargo_");
  const { content_file: file, content_sha256: _, ...rest } = resource.args;
  const isCode =
    typeof file === "object" && "kind" in file && file.kind === "artifact" && !file.file;
  // The provider in the cluster has no such file; the code is handed to it as a text.
  if (isCode) patchCode(file.artifact, [...FOR_PROVIDER, "content"], printing);
  return {
    ...(isLease && { identity: { project, stack, resource: name } }),
    forProvider: templateFields(isCode ? rest : resource.args, FOR_PROVIDER, printing),
    ...(provider !== undefined && {
      providerConfigRef: { kind: CLOUDFLARE_CONFIG.kind, name: secretName(stack, provider) },
    }),
    ...(hasSecrets(type) && { writeConnectionSecretToRef: { name: secretName(stack, name) } }),
    // Without `Delete`: it stays where it is when the stack goes.
    ...(retain === true && {
      managementPolicies: ["Observe", "Create", "Update", "LateInitialize"],
    }),
  };
}

/** What a resource needs without reading it: an annotation that holds its id, as nothing is made before what it copies is there. */
function waitFor({ resource, patches }: Printing): void {
  for (const [i, name] of (resource.dependsOn ?? []).entries()) {
    const annotation = `supercargo.dev/waits-for-${i + 1}`;
    patches.push(requirePatch(outputPath(name, "id"), ["metadata", "annotations", annotation]));
  }
}

/** An address may be made of several resources' outputs, so it comes together at the resource and is copied from there. */
function showUrl(url: LoweredText, printing: Printing): readonly Patch[] {
  const annotation = ["metadata", "annotations", URL_ANNOTATION] as const;
  const made = makeText(url, annotation, printing);
  if (typeof made === "string") return [];
  return [
    // The resource must not wait for its own address.
    ...made.map(({ policy: _, ...patch }) => patch),
    {
      type: "ToCompositeFieldPath",
      fromFieldPath: fieldPath(annotation),
      toFieldPath: fieldPath(["status", "urls", printing.resource.name]),
    },
  ];
}

function tellOutput(resource: string, output: string): Patch {
  return {
    type: "ToCompositeFieldPath",
    fromFieldPath: fieldPath(["status", "atProvider", output]),
    toFieldPath: fieldPath(outputPath(resource, output)),
  };
}

/**
 * Credentials of a native provider: of what an access token's Secret holds, the text that the provider reads. They stay until nothing uses them any more, as
 * Upjet sees to, and the token stays until they are gone: else nothing of what was made with it could be removed.
 */
function configTemplates({ resource, stack, resources }: Printing): readonly Template[] {
  const token = resource.args.api_token;
  if (typeof token !== "object" || !("kind" in token) || token.kind !== "reference")
    throw new Error("a provider without an access token");
  const name = secretName(stack, token.resource);
  const own = secretName(stack, resource.name);
  const used = clusterKind(resources.get(token.resource)?.type ?? "") ?? CLOUDFLARE_CONFIG;
  const config = template(
    resource.name,
    {
      ...CLOUDFLARE_CONFIG,
      metadata: { name: own },
      spec: { credentials: { source: "Secret", secretRef: { name, key: "credentials" } } },
    },
    [
      requirePatch(["metadata", "namespace"], ["spec", "credentials", "secretRef", "namespace"]),
      requirePatch(outputPath(token.resource, "id"), [
        ...["metadata", "annotations", "supercargo.dev/waits-for-1"],
      ]),
    ],
    { isPassive: true },
  );
  const usage = template(
    `${resource.name}/usage`,
    {
      ...USAGE,
      spec: {
        of: { ...used, resourceRef: { name } },
        by: { ...CLOUDFLARE_CONFIG, resourceRef: { name: own } },
        replayDeletion: true,
      },
    },
    [],
  );
  return [config, usage];
}

function textsTemplate({ resource, stack, texts }: Printing): Template {
  const known = texts.flatMap(({ key, text }: PlainText) =>
    text === undefined ? [] : [[key, text] as const],
  );
  return template(
    `${resource.name}/texts`,
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: textsName(stack, resource.name) },
      type: "Opaque",
      stringData: Object.fromEntries(known),
    },
    texts.flatMap(({ patches }) => patches),
    { isPassive: true },
  );
}

/** `isPassive`: nothing ever says that it is ready. */
function template(
  name: string,
  base: YamlValue,
  patches: readonly Patch[],
  { isPassive = false }: { readonly isPassive?: boolean } = {},
): Template {
  return {
    name,
    base,
    ...(patches.length > 0 && { patches }),
    ...(isPassive && { readinessChecks: [{ type: "None" }] }),
  };
}
