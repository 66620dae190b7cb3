import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import type { Model } from "../2-model/model.ts";

/** Gives the place of a resource; where there is none, of the first one on the same provider, else of the first of all. */
export type LocateResource = (resource: string, provider: string) => SourceLocation;

/** Indexes a model's places, so that each answer costs the same however large the model. */
export function createResourceLocator({ resources }: Model): LocateResource {
  const byName = new Map(resources.map(({ name, location }) => [name, location]));
  const byProvider = new Map(
    resources.toReversed().map(({ provider, location }) => [provider, location]),
  );
  const first = resources[0]?.location ?? NOWHERE;
  return (resource, provider) => byName.get(resource) ?? byProvider.get(provider) ?? first;
}

const START = { line: 1, column: 1 };
const NOWHERE: SourceLocation = { file: "", path: "", range: { start: START, end: START } };
