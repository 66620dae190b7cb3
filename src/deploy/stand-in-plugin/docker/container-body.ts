import { isProperties, type Properties } from "../property-names.ts";

type Body = Readonly<Record<string, unknown>>;

/** Nanoseconds of the durations in a health check, `2s` or `500ms`. */
function nanoseconds(text: unknown): number | undefined {
  const match = /^(\d+)(ms|s|m)$/.exec(String(text ?? ""));
  if (match === null) return undefined;
  const unit = { ms: 1e6, s: 1e9, m: 60e9 }[match[2] ?? "s"] ?? 1e9;
  return Number(match[1]) * unit;
}

/** The inputs of a container as the body of `POST /containers/create` (Docker Engine API). */
export function containerBody(inputs: Properties): Body {
  const { image, command, envs, user, healthcheck, capabilities, restart, maxRetryCount } = inputs;
  const ports = list(inputs.ports).filter(isProperties);
  const networks = list(inputs.networksAdvanced).filter(isProperties);
  const capability = isProperties(capabilities) ? capabilities : {};
  return {
    Image: image,
    ...(command !== undefined && { Cmd: command }),
    ...(envs !== undefined && { Env: envs }),
    ...(user !== undefined && { User: user }),
    ...(isProperties(healthcheck) && {
      Healthcheck: {
        Test: healthcheck.tests,
        Interval: nanoseconds(healthcheck.interval),
        Retries: healthcheck.retries,
      },
    }),
    ExposedPorts: Object.fromEntries(ports.map((port) => [portKey(port), {}])),
    HostConfig: {
      Binds: list(inputs.volumes)
        .filter(isProperties)
        .map((volume) => `${volume.volumeName}:${volume.containerPath}`),
      PortBindings: Object.fromEntries(
        ports.map((port) => [
          portKey(port),
          [{ HostIp: String(port.ip ?? ""), HostPort: String(port.external ?? "") }],
        ]),
      ),
      RestartPolicy: { Name: restart ?? "no", MaximumRetryCount: maxRetryCount ?? 0 },
      CapAdd: capability.adds,
      CapDrop: capability.drops,
      SecurityOpt: inputs.securityOpts,
    },
    NetworkingConfig: {
      EndpointsConfig: Object.fromEntries(
        networks.map(({ name, aliases }) => [String(name), { Aliases: aliases }]),
      ),
    },
  };
}

function portKey({ internal, protocol }: Properties): string {
  return `${internal}/${protocol ?? "tcp"}`;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
