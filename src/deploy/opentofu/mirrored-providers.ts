/** A provider of ours, and where the configuration looks for it. */
export interface MirroredProvider {
  /** The first word of its types. */
  readonly name: string;
  /** `<host>/<namespace>/<type>`, as in the generated configuration. */
  readonly source: string;
  /** Any that the configuration's constraint allows. */
  readonly version: string;
  /** Its program, from the root of our package. */
  readonly main: string;
}

/** The providers that OpenTofu has here; of others it can be given no resources. */
export const MIRRORED_PROVIDERS: readonly MirroredProvider[] = [
  {
    name: "supercargo",
    source: "supercargo.invalid/supercargo/supercargo",
    version: "1.0.0",
    main: "src/resources/opentofu/main.ts",
  },
  {
    name: "cloudflare",
    source: "registry.opentofu.org/cloudflare/cloudflare",
    version: "5.0.0",
    main: "src/deploy/stand-in-plugin/opentofu/main.ts",
  },
];
