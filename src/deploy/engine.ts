import type { ApplyingEngineId } from "../compiler/vocabulary.ts";

/** Version of `github.com/pulumi/pulumi/pkg/v3` that is built, and the version asked of the official installer. */
export const ENGINE_VERSION = "3.255.0";

/** Oldest `pulumi` on the PATH that is used; older ones cannot stream a preview as JSON. */
export const OLDEST_ENGINE = "3.220.0";

/** Newest release of `github.com/pulumi/pulumi/sdk/v3` whose module still holds the Node.js language host. */
export const LANGUAGE_HOST_VERSION = "3.68.0";

/** Version of the Cloudflare plugin that `@pulumi/cloudflare` of our package asks for. */
export const CLOUDFLARE_PLUGIN_VERSION = "6.22.1";

/** Packages whose resources are only previewed here, and the version of the plugin that each of them asks for. */
export const PREVIEWED_PLUGINS = {
  aws: "7.48.0",
  azure: "6.40.0",
  gcp: "9.37.0",
  vercel: "5.4.1",
} as const;
export type PreviewedPackage = keyof typeof PREVIEWED_PLUGINS;

/** Where the SDKs of packages that are not Pulumi's own say that the engine gets their plugins. */
export const PLUGIN_SOURCES: Readonly<Record<string, string>> = {
  vercel: "github://api.github.com/pulumiverse",
};

/** How an engine came to be. */
export type EngineSource = "given" | "path" | "installer" | "built";

/** An engine that can run our stacks. */
export interface Engine {
  readonly id: ApplyingEngineId;
  /** The `pulumi` or `tofu` to start, absolute. */
  readonly command: string;
  /** Without a leading `v`, e.g. `3.255.0`; `unknown` when the folder was given. */
  readonly version: string;
  readonly source: EngineSource;
  /** Folders that go before the user's PATH, first one first. */
  readonly folders: readonly string[];
  readonly cloudflarePlugin: "real" | "stand-in";
}

/** The surroundings in which engines are looked for and run; handed in so that tests have their own. */
export interface Machine {
  /** The PATH in it is searched for engines and for `go`, so it holds only folders that nobody but the user writes to. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The Node that runs us, absolute. */
  readonly node: string;
  readonly home: string;
  readonly platform: string;
}
