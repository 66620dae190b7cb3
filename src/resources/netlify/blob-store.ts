import * as pulumi from "@pulumi/pulumi";

export interface BlobStoreArgs {
  /** Whose functions alone can read and write it. */
  siteId: pulumi.Input<string>;
  name: pulumi.Input<string>;
}

/**
 * A store of Netlify Blobs (https://docs.netlify.com/blobs). Netlify makes it with the first thing that is written to it; what is in it goes with this resource.
 */
export class BlobStore extends pulumi.CustomResource {
  declare readonly siteId: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: BlobStoreArgs, options?: pulumi.CustomResourceOptions) {
    super("netlify:index/blobStore:BlobStore", name, { ...args }, options);
  }
}
