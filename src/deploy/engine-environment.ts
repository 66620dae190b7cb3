import { delimiter, dirname, join } from "node:path";
import type { Engine, Machine } from "./engine.ts";
import { engineCacheFolder } from "./machine-folders.ts";
import { ensurePassphraseFile } from "./passphrase.ts";

/** What the engine and its plugins may know of the user's environment. Everything else stays out, `CLOUDFLARE_*` and `NODE_OPTIONS` above all. */
const ALLOWED = new Set([
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_RUNTIME_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  "PULUMI_HOME",
  "PULUMI_CONFIG_PASSPHRASE",
  "PULUMI_CONFIG_PASSPHRASE_FILE",
]);

/** Switches that take away the engine's safety (pulumi `sdk/go/common/env/env.go`); with one of them set nothing is run. */
const UNSAFE = [
  "PULUMI_SKIP_CHECKPOINTS",
  "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS",
  "PULUMI_DISABLE_INTEGRITY_CHECKING",
  "PULUMI_DISABLE_VALIDATION",
] as const;

/** The unsafe switches that are set, sorted. */
export function findUnsafeSwitches(env: Machine["env"]): readonly string[] {
  return UNSAFE.filter((name) => !["", undefined, "0", "false"].includes(env[name])).toSorted();
}

/** Where `sh` and its like are. The user's PATH stays out: the engine would take a planted `pulumi-resource-*` from it. */
const SYSTEM_PATH = ["/usr/bin", "/bin"];

/**
 * The whole environment of an engine run. `extra` is what the run itself needs, e.g. the broker's socket; a name that
 * is allowed but unset is left out.
 */
export function buildEngineEnvironment(
  machine: Machine,
  engine: Engine,
  extra: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept = keepAllowed(machine);
  if (kept.PULUMI_CONFIG_PASSPHRASE === undefined) {
    kept.PULUMI_CONFIG_PASSPHRASE_FILE ??= ensurePassphraseFile(machine);
  }
  return {
    ...kept,
    PATH: [...engine.folders, basePath(machine)].join(delimiter),
    HOME: machine.home,
    NODE_COMPILE_CACHE: join(engineCacheFolder(machine), "node-compile-cache"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    ...(engine.cloudflarePlugin === "stand-in"
      ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }
      : {}),
    ...extra,
  };
}

/** What an engine may know of the user's environment. */
export function keepAllowed(machine: Machine): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(machine.env)) {
    if (value !== undefined && (ALLOWED.has(name) || name.startsWith("LC_"))) kept[name] = value;
  }
  return kept;
}

/** The PATH that every engine's programs get: our Node, and where `sh` and its like are. */
export function basePath(machine: Machine): string {
  return [dirname(machine.node), ...SYSTEM_PATH].join(delimiter);
}
