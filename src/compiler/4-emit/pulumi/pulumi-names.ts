import type { ImportedSymbol, Namespace } from "./printable.ts";

/** Types whose class is not called after them. */
const CLASSES: Readonly<Record<string, ImportedSymbol>> = {
  supercargo_secret: { namespace: "supercargo", name: "GeneratedSecret" },
  provider_cloudflare: { namespace: "cloudflare", name: "Provider" },
  docker_image: { namespace: "docker", name: "RemoteImage" },
};

/** The packages of provider-schema types, by the word before the first underscore. */
const PREFIXES: Readonly<Record<string, Namespace>> = {
  cloudflare: "cloudflare",
  docker: "docker",
  supercargo: "supercargo",
};

/** Class of a provider-schema type: `cloudflare_r2_bucket` -> `cloudflare.R2Bucket`. */
export function pulumiClass(type: string): ImportedSymbol {
  const special = CLASSES[type];
  if (special !== undefined) return special;
  const [prefix = "", ...words] = type.split("_");
  const namespace = PREFIXES[prefix];
  if (namespace === undefined) throw new Error(`no Pulumi package for the type ${type}`);
  return { namespace, name: words.map(capitalise).join("") };
}

/** Argument or output of a provider-schema name: `content_sha256` -> `contentSha256`. */
export function pulumiField(name: string): string {
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) throw new Error(`not a schema name: ${name}`);
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Lists that Pulumi's package has in the plural, by package. */
const PLURALS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  docker: { add: "adds", drop: "drops", env: "envs", test: "tests", upload: "uploads" },
};

/** An argument of a resource, or a field of one of its blocks: `env` of `docker_container` -> `envs`. */
export function pulumiArgument(type: string | undefined, name: string): string {
  const [prefix = ""] = type?.split("_") ?? [];
  return PLURALS[prefix]?.[name] ?? pulumiField(name);
}

function capitalise(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
