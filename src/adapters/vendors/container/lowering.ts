import type { LoweredResource, LoweredText, LoweredValue } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";
import type { Context } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";

/** The vendor's id, as in manifests. */
export const CONTAINER = "container";
/** Name of the network on which the containers of a stack see each other, by their names. */
export const NETWORK = "container.network";
/** Where every app and site answers HTTP in its container. */
export const APP_PORT = 8080;

/** What the containers are made from, by the name of the image's resource. README.md says why these. */
export const IMAGES = {
  "container.node": "node:24",
  "container.postgres": "postgres:18",
  "container.store": "versity/versitygw:v1.8.0",
  "container.proxy-image": "caddy:2",
} as const;
export type ImageName = keyof typeof IMAGES;

/** `NAME=value`, as a container's environment has it. */
export function variable(name: string, value: LoweredText): LoweredValue {
  if (typeof value === "string") return `${name}=${value}`;
  const parts = value.kind === "concat" ? value.parts : [value];
  const [first] = parts;
  return typeof first === "string"
    ? { kind: "concat", parts: [`${name}=${first}`, ...parts.slice(1)] }
    : { kind: "concat", parts: [`${name}=`, ...parts] };
}

/** A volume. What is in it goes with it, so it bears the name of the manifest resource whose data it keeps. */
export function lowerVolume({ model }: Context, name: string, origin?: string): LoweredResource {
  return { name, origin, type: "docker_volume", args: { name: vendorName(model, name) } };
}

/** A volume in a container's file system. */
export function mount(volume: string, path: string): LoweredValue {
  return object({ volume_name: ref(volume, "name"), container_path: path });
}

/** A secret of the broker's, of so many random bytes; its text is base64url, which needs no escape in a URL. */
export function lowerPassword(name: string, origin: string, bytes = 32): LoweredResource {
  return { name, origin, type: "supercargo_secret", args: { bytes } };
}

/** Waited for until it is healthy, at most this long, seconds. */
const HEALTHY_WITHIN = 120;

/** A check that the container is of use, made every two seconds. */
export function waitUntil(...command: readonly string[]): Readonly<Record<string, LoweredValue>> {
  const healthcheck = object({ test: ["CMD", ...command], interval: "2s", retries: 30 });
  return { healthcheck, wait: true, wait_timeout: HEALTHY_WITHIN };
}

/** The name at which containers of the stack reach one. As text, so that a container can be made anew without all that speak to it. */
export function hostOf({ model }: Context, container: string): string {
  return vendorName(model, container);
}

/** A container on the stack's network. Its name, at which the others reach it, is the resource's; it can never gain rights that it was not given. */
export function lowerContainer(
  context: Context,
  input: {
    readonly name: string;
    readonly origin: string | undefined;
    readonly image: ImageName;
    /** Linux capabilities that are all it needs; left out, it keeps those that Docker gives. */
    readonly capabilities?: readonly string[] | undefined;
    /** It does its work and ends; otherwise it runs until it is stopped. */
    readonly once?: boolean | undefined;
    readonly args: Readonly<Record<string, LoweredValue>>;
    readonly dependsOn?: readonly string[] | undefined;
  },
): LoweredResource {
  const { name, origin, image, capabilities, once = false, args, dependsOn } = input;
  return {
    name,
    origin,
    type: "docker_container",
    args: {
      name: hostOf(context, name),
      image: ref(image, "image_id"),
      ...args,
      networks_advanced: [object({ name: ref(NETWORK, "name") })],
      ...(capabilities && {
        capabilities: object({
          drop: ["ALL"],
          ...(capabilities.length > 0 && { add: [...capabilities] }),
        }),
      }),
      security_opts: ["no-new-privileges"],
      ...(once ? { attach: true, must_run: false } : { restart: "unless-stopped" }),
    },
    ...(dependsOn !== undefined && dependsOn.length > 0 && { dependsOn }),
  };
}
