import * as pulumi from "@pulumi/pulumi";

/** How Netlify treats pages. */
export interface ProcessingSettings {
  readonly html: pulumi.Input<{
    /** `/a` is `a.html`. */
    readonly prettyUrls: pulumi.Input<boolean>;
  }>;
}

export interface SiteArgs {
  /** Also its host below `netlify.app`, so no other site of anybody's is called so. */
  name: pulumi.Input<string>;
  /** The host that visitors see. A certificate comes by itself once it leads to Netlify. */
  customDomain?: pulumi.Input<string>;
  /** Further hosts of it. */
  domainAliases?: pulumi.Input<readonly pulumi.Input<string>[]>;
  processingSettings?: pulumi.Input<ProcessingSettings>;
}

/** A site of Netlify's (https://open-api.netlify.com/#tag/site): what has hosts, and of whose deploys one is published. Its deploys and stores go with it. */
export class Site extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly customDomain: pulumi.Output<string | undefined>;
  declare readonly domainAliases: pulumi.Output<readonly string[] | undefined>;

  constructor(name: string, args: SiteArgs, options?: pulumi.CustomResourceOptions) {
    super("netlify:index/site:Site", name, { ...args }, options);
  }
}
