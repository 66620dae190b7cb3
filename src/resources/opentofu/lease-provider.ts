import { LEASE_KINDS } from "../../broker/protocol.ts";
import type { PluginProvider } from "../../tfplugin/plugin-provider.ts";
import type { Value } from "../../tfplugin/value.ts";
import { createProviderError, PROVIDER_CODES } from "../provider-error.ts";
import { createLeaseResource } from "./lease-resource.ts";

/** The provider `supercargo` of OpenTofu: one type for each kind of lease, `supercargo_access_token`. */
export function createLeaseProvider(): PluginProvider {
  let project: Value | undefined;
  let stack: Value | undefined;
  const readStack = () => {
    if (typeof project !== "string" || typeof stack !== "string")
      throw createProviderError("configuration", undefined, PROVIDER_CODES.invalidInputs);
    return { project, stack };
  };
  return {
    config: {
      project: { type: "string", mode: "required" },
      stack: { type: "string", mode: "required" },
    },
    configure(config) {
      ({ project, stack } = config);
    },
    resources: new Map(
      LEASE_KINDS.map((kind) => [
        `supercargo_${kind.replaceAll("-", "_")}`,
        createLeaseResource(kind, readStack),
      ]),
    ),
  };
}
