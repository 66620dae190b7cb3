/** A provider of ours, and where the configuration looks for it. */
export interface MirroredProvider {
  /** The first word of its types. */
  readonly name: string;
  /** `<host>/<namespace>/<type>`, as in the generated configuration. */
  readonly source: string;
  /** Any that the configuration's constraint allows. */
  readonly version: string;
  /** Its program, from the root of our package, and what it is told. */
  readonly main: string;
  readonly args?: readonly string[] | undefined;
  /** It makes what was planned; else it plays in plans alone. */
  readonly applies: boolean;
}

/** The providers that OpenTofu has here; of others it can be given no resources. */
export const MIRRORED_PROVIDERS: readonly MirroredProvider[] = [
  {
    name: "supercargo",
    source: "supercargo.invalid/supercargo/supercargo",
    version: "1.0.0",
    main: "src/resources/opentofu/main.ts",
    applies: true,
  },
  {
    name: "cloudflare",
    source: "registry.opentofu.org/cloudflare/cloudflare",
    version: "5.0.0",
    main: "src/deploy/stand-in-plugin/opentofu/main.ts",
    applies: true,
  },
  previewing("aws", "registry.opentofu.org/hashicorp/aws", "6.0.0"),
  previewing("azurerm", "registry.opentofu.org/hashicorp/azurerm", "4.60.0"),
  previewing("docker", "registry.opentofu.org/kreuzwerker/docker", "3.0.0"),
  previewing("google", "registry.opentofu.org/hashicorp/google", "7.21.0"),
  // In no registry: Netlify's own makes no deploy.
  previewing("netlify", "supercargo.invalid/supercargo/netlify", "1.0.0"),
  previewing("vercel", "registry.opentofu.org/vercel/vercel", "5.4.0"),
];

/** A provider that is played in plans, whichever types of it a configuration names. */
function previewing(name: string, source: string, version: string): MirroredProvider {
  return {
    name,
    source,
    version,
    main: "src/deploy/stand-in-plugin/opentofu/preview-main.ts",
    args: [name],
    applies: false,
  };
}
