import { LISTED_CLASSES } from "../compiler/4-emit/pulumi/listed-classes.ts";

/** Classes that are not called after their type. */
const RENAMED: Readonly<Record<string, string>> = {
  GeneratedSecret: "Secret",
  RemoteImage: "Image",
};

/** `aws:s3.Bucket` -> `aws_s3_bucket`. */
const LISTED_TYPES: ReadonlyMap<string, string> = new Map(
  LISTED_CLASSES.map(({ type, namespace, name }) => [`${namespace}:${name}`, type]),
);

/**
 * An engine's type as the provider's schema calls it. OpenTofu's are those; Pulumi's end in a class that is made of one:
 * `cloudflare:index/r2Bucket:R2Bucket` -> `cloudflare_r2_bucket`, `pulumi-nodejs:supercargo:AccessToken` -> `supercargo_access_token`.
 */
export function schemaTypeOf(type: string): string {
  const [namespace, module, className, ...more] = type.split(":");
  if (module === undefined || className === undefined || more.length > 0) return type;
  const listed = LISTED_TYPES.get(`${namespace}:${module.split("/")[0]}.${className}`);
  if (listed !== undefined) return listed;
  const name = RENAMED[className] ?? className;
  const words = name.replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
  return `${namespace === "pulumi-nodejs" ? module : namespace}_${words}`;
}
