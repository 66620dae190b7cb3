import type { LoweredResource, LoweredValue } from "./contract.ts";

/** Makes a resource of the vendor's own package. `dependsOn` are names. */
export type CreateNative = (
  name: string,
  origin: string | undefined,
  type: string,
  args: Readonly<Record<string, LoweredValue>>,
  dependsOn?: readonly string[],
) => LoweredResource;

/** `provider` is the name of the explicit provider; without one the environment of whoever runs the engine configures the package. */
export function createNative(provider?: string): CreateNative {
  return (name, origin, type, args, dependsOn = []) => ({
    ...{ name, origin, type, args },
    ...(provider !== undefined && { provider }),
    ...(dependsOn.length > 0 && { dependsOn }),
  });
}
