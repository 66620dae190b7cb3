/** Everything that can go wrong between us and the engine. */
export const ENGINE_ERRORS = {
  "engine-missing": {
    message: "no Pulumi engine was found on this machine",
    remedy: "Run `npx supercargo doctor` to see what is missing.",
  },
  "engine-build-failed": {
    message: "the Pulumi engine could not be built from its Go modules",
    remedy: "Install Go 1.25.11 or newer, or put `pulumi` on the PATH.",
  },
  "opentofu-missing": {
    message: "OpenTofu was not found on this machine",
    remedy: "Run `npx supercargo doctor` to see what is missing.",
  },
  "opentofu-build-failed": {
    message: "OpenTofu could not be built from its Go modules",
    remedy: "Install Go 1.26.6 or newer, or put `tofu` 1.12 or a newer 1.x on the PATH.",
  },
  "configuration-refused": {
    message: "OpenTofu refused the stack's configuration",
    remedy: "Run `npx supercargo compile` to write it anew.",
  },
  "plan-unreadable": {
    message: "OpenTofu's plan holds something that is not known here, so nothing was done",
    remedy: "Use the OpenTofu that `npx supercargo doctor --fix --engine opentofu` builds.",
  },
  "unsafe-switch": {
    message: "the environment holds a switch that takes away the engine's safety",
    remedy: "Unset it and run the command again.",
  },
  "state-tampered": {
    message: "the stack's state holds provider code that is not ours, and the engine would run it",
    remedy: "Restore the state from a backup, and find out who changed it.",
  },
  "state-unreadable": {
    message: "the stack's state cannot be read",
    remedy: "Restore it from `.supercargo/pulumi/.pulumi/backups`.",
  },
  "stack-missing": {
    message: "the stack does not exist",
    remedy: "Run `npx supercargo up` to make it.",
  },
  "stack-locked": {
    message: "another process is changing the stack",
    remedy: "Wait until it ends, then run the command again.",
  },
  "passphrase-wrong": {
    message: "the stack's secrets were encrypted with another passphrase",
    remedy: "Use the machine that the stack was made on, or set `PULUMI_CONFIG_PASSPHRASE_FILE`.",
  },
  "plugin-missing": {
    message: "a provider plugin is missing and cannot be downloaded",
    remedy: "Run `npx supercargo doctor` to see which one.",
  },
  "module-missing": {
    message: "the stack's program imports a package that cannot be found",
    remedy: "Run `npm install`, then run the command again.",
  },
  "program-failed": {
    message: "the stack's program failed before the engine knew all resources",
    remedy: "Run `npx supercargo compile` to write it anew.",
  },
  "resource-refused": {
    message: "the broker refused a resource",
    remedy: "See the reason of each resource.",
  },
  "request-refused": {
    message: "the provider refused a request",
    remedy: "See status and codes of each request.",
  },
  "provider-unreachable": {
    message: "the provider's API does not answer",
    remedy: "Try again later; for the stack `local`, check that the sandbox runs.",
  },
  interrupted: {
    message: "the run was interrupted",
    remedy: "Run the command again; what was begun is finished then.",
  },
  "engine-crashed": {
    message: "the engine ended without a result",
    remedy: "Run the command again; what was begun is finished then.",
  },
  "engine-failed": {
    message: "the engine failed",
    remedy: "Run `pulumi preview` or `tofu plan` in the stack's folder to see its own words.",
  },
} as const;
export type EngineErrorCode = keyof typeof ENGINE_ERRORS;

/** Why one resource failed. */
export interface ResourceFailure {
  /** Logical name. */
  readonly resource: string;
  readonly urn: string;
  /** The broker's code, e.g. `cap_exceeded`; `request-refused` or `provider-unreachable` for a native resource; else `engine-failed`. */
  readonly code: string;
  /** The request that a provider's API refused: nothing of its body. */
  readonly request?: RefusedRequest | undefined;
}

export interface RefusedRequest {
  readonly method: string;
  /** Without host and query. */
  readonly path: string;
  readonly status: number;
  /** The provider's own error numbers. */
  readonly codes: readonly number[];
}

/** A failure as data; no text of a program, a plugin or a provider is in it. */
export interface EngineError {
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly remedy: string;
  /** Our own words about this case, e.g. the name of a switch or the lock's process. */
  readonly detail?: string | undefined;
  readonly resources: readonly ResourceFailure[];
}

/** Builds an error of the closed list. */
export function engineError(
  code: EngineErrorCode,
  more: { readonly detail?: string; readonly resources?: readonly ResourceFailure[] } = {},
): EngineError {
  return { code, ...ENGINE_ERRORS[code], detail: more.detail, resources: more.resources ?? [] };
}
