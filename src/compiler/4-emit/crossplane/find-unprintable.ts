import type { Lowered, LoweredResource } from "../../../adapters/vendors/contract.ts";
import type { Model } from "../../2-model/model.ts";
import { composedTemplates } from "./composed-templates.ts";

/** Something that Crossplane cannot be given. */
export interface Unprintable {
  /** {@link LoweredResource.name}, or the name of project or stack. */
  readonly name: string;
  readonly origin: string | undefined;
  readonly reason: string;
}

/** What of a stack cannot be printed for Crossplane, one reason for each resource; needs nothing that is built. */
export function findUnprintable(
  { name: project, stack, resources: nodes }: Model,
  lowered: readonly Lowered[],
): readonly Unprintable[] {
  const resources = lowered.flatMap((one) => one.resources);
  const names = [project, stack, ...nodes.map(({ name }) => name)].filter((name) =>
    name.endsWith("-"),
  );
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  return [
    ...names.map((name) => ({
      name,
      origin: nodes.find((node) => node.name === name)?.name,
      reason: "no name in a cluster ends in a hyphen",
    })),
    ...resources.flatMap((resource) => check(resource, { project, stack, resources: byName })),
  ];
}

function check(
  resource: LoweredResource,
  names: {
    readonly project: string;
    readonly stack: string;
    readonly resources: ReadonlyMap<string, LoweredResource>;
  },
): readonly Unprintable[] {
  const reasons: string[] = [];
  composedTemplates(resource, {
    ...names,
    read: new Map(),
    urls: new Map(),
    digestOf: () => "",
    refuse: (reason) => void reasons.push(reason),
  });
  const { name, origin } = resource;
  return reasons.slice(0, 1).map((reason) => ({ name, origin, reason }));
}
