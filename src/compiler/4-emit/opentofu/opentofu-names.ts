/** Where OpenTofu gets the provider of a package. */
export interface ProviderSource {
  readonly source: string;
  /** Left out for ours, which comes with this package. */
  readonly version?: string | undefined;
}

/** By the word before the first underscore of a type. `.invalid` is a name that no registry can ever have (RFC 6761, 6.4). */
export const PROVIDER_SOURCES: Readonly<Record<string, ProviderSource>> = {
  aws: { source: "hashicorp/aws", version: "~> 6.0" },
  azurerm: { source: "hashicorp/azurerm", version: "~> 4.60" },
  cloudflare: { source: "cloudflare/cloudflare", version: "~> 5.0" },
  docker: { source: "kreuzwerker/docker", version: ">= 3.0.0" },
  google: { source: "hashicorp/google", version: "~> 7.21" },
  // Netlify's own makes no deploy, so this one is ours, and plays in plans alone.
  netlify: { source: "supercargo.invalid/supercargo/netlify" },
  supercargo: { source: "supercargo.invalid/supercargo/supercargo" },
  vercel: { source: "vercel/vercel", version: "~> 5.4" },
};

/** Arguments that OpenTofu keeps for itself in every resource, under the names that our provider has for them. */
const RENAMED: Readonly<Record<string, string>> = { provider: "provider_name" };

const META_ARGUMENTS: ReadonlySet<string> = new Set(
  "count for_each depends_on provider lifecycle connection provisioner".split(" "),
);

/** The package of a provider-schema type, `cloudflare_r2_bucket` -> `cloudflare`. */
export function packageOf(type: string): string {
  const [name = ""] = type.split("_");
  if (PROVIDER_SOURCES[name] === undefined) throw new Error(`no OpenTofu provider for ${type}`);
  return name;
}

/** An argument or output of a type of the provider's schema, by its name in OpenTofu. */
export function attributeOf(type: string, name: string): string {
  if (!/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(name)) throw new Error(`not a schema name: ${name}`);
  const renamed = type.startsWith("supercargo_") ? (RENAMED[name] ?? name) : name;
  if (META_ARGUMENTS.has(renamed)) throw new Error(`${type} has an argument ${name}`);
  return renamed;
}
