import { LISTED_CLASSES } from "./listed-classes.ts";
import type { ImportedSymbol, Namespace } from "./printable.ts";

/** Types whose class is not called after them. */
const CLASSES: Readonly<Record<string, ImportedSymbol>> = {
  supercargo_secret: { namespace: "supercargo", name: "GeneratedSecret" },
  provider_aws: { namespace: "aws", name: "Provider" },
  provider_azurerm: { namespace: "azure", name: "Provider" },
  provider_cloudflare: { namespace: "cloudflare", name: "Provider" },
  provider_google: { namespace: "gcp", name: "Provider" },
  docker_image: { namespace: "docker", name: "RemoteImage" },
  ...Object.fromEntries(
    LISTED_CLASSES.map(({ type, namespace, name }) => [type, { namespace, name }]),
  ),
};

/** The packages of provider-schema types, by the word before the first underscore. */
const PREFIXES: Readonly<Record<string, Namespace>> = {
  cloudflare: "cloudflare",
  docker: "docker",
  netlify: "netlify",
  supercargo: "supercargo",
  vercel: "vercel",
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

/** Blocks of one that Pulumi has as a list. */
const LISTS: ReadonlySet<string> = new Set(["aws_acm_certificate.domain_validation_options"]);

/** An output of a resource of a type, or a field of it where it is a block of one. */
export function pulumiMember(type: string, attribute: string, field: string | undefined): string {
  const member = pulumiField(attribute);
  if (field === undefined) return member;
  return `${member}${LISTS.has(`${type}.${attribute}`) ? "[0]!" : ""}.${pulumiField(field)}`;
}

/** Lists that Pulumi's package has in the plural, by the word before the first underscore of a type. */
const PLURALS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws: {
    custom_error_response: "customErrorResponses",
    function_association: "functionAssociations",
    origin: "origins",
    route: "routes",
  },
  azurerm: { address_space: "addressSpaces", delegation: "delegations" },
  docker: { add: "adds", drop: "drops", env: "envs", test: "tests", upload: "uploads" },
  google: { direct_vpc_network_interface: "directVpcNetworkInterfaces" },
  vercel: { target: "targets" },
};

/** Arguments that Pulumi's package calls otherwise, by type. */
const RENAMED: Readonly<Record<string, string>> = {
  "aws_lambda_function.filename": "code",
  "aws_lambda_function.function_name": "name",
  "aws_lambda_permission.function_name": "function",
  "provider_aws.assume_role": "assumeRoles",
  "provider_azurerm.resource_providers_to_register": "resourceProvidersToRegisters",
};

/** An argument of a resource, or a field of one of its blocks: `env` of `docker_container` -> `envs`. */
export function pulumiArgument(type: string | undefined, name: string): string {
  const [prefix = ""] = type?.split("_") ?? [];
  return RENAMED[`${type}.${name}`] ?? PLURALS[prefix]?.[name] ?? pulumiField(name);
}

/** Arguments that are paths of files in the schema and files in Pulumi. */
const ASSETS: Readonly<Record<string, string>> = {
  "aws_lambda_function.filename": "asset.FileArchive",
  "aws_s3_object.source": "asset.FileAsset",
  "google_storage_bucket_object.source": "asset.FileAsset",
};

/** What wraps the path of a file in an argument, if it is one. */
export function pulumiAsset(type: string | undefined, name: string): string | undefined {
  return ASSETS[`${type}.${name}`];
}

function capitalise(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
