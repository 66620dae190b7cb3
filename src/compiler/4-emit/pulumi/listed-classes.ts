import { AWS_CLASSES } from "./aws-classes.ts";
import { GCP_CLASSES } from "./gcp-classes.ts";

/** A type of a provider's schema and where Pulumi's package has it. */
export interface ListedClass {
  /** `aws_s3_bucket` */
  readonly type: string;
  /** The package's namespace, which is also how the engine's types begin. */
  readonly namespace: "aws" | "gcp";
  /** Module and class, `s3.Bucket`. */
  readonly name: string;
}

/** Every type of the packages whose modules and classes no rule makes of a type's name. */
export const LISTED_CLASSES: readonly ListedClass[] = [
  ...listClasses("aws", AWS_CLASSES),
  ...listClasses("gcp", GCP_CLASSES),
];

function listClasses(
  namespace: ListedClass["namespace"],
  classes: Readonly<Record<string, string>>,
): readonly ListedClass[] {
  return Object.entries(classes).map(([type, name]) => ({ type, namespace, name }));
}
