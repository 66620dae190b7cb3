import * as pulumi from "@pulumi/pulumi";

export interface DeployArgs {
  siteId: pulumi.Input<string>;
  /** A folder with the files to publish in `publish/` and the functions in `functions/`, each as `<name>.zip`. */
  directory: pulumi.Input<string>;
  /** Hexadecimal SHA-256 of the folder's paths and contents; a folder that has another one is not deployed. */
  sha256: pulumi.Input<string>;
  /** What runs the functions, e.g. `nodejs24.x`. */
  runtime?: pulumi.Input<string>;
  /** Function -> when it is called, five fields of cron in UTC. */
  functionSchedules?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** What the functions of this deploy, and nothing else, find in their environment. Nobody can read it back. */
  environment?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
}

/**
 * A deploy to production (https://open-api.netlify.com/#tag/deploy). None ever changes: a new one takes its place, and the old one stays with its site, for a way
 * back.
 */
export class Deploy extends pulumi.CustomResource {
  declare readonly siteId: pulumi.Output<string>;

  constructor(name: string, args: DeployArgs, options?: pulumi.CustomResourceOptions) {
    const secrets = { additionalSecretOutputs: ["environment"] };
    super("netlify:index/deploy:Deploy", name, { ...args }, pulumi.mergeOptions(options, secrets));
  }
}
