import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { SourceLocation } from "../../diagnostics/diagnostic.ts";
import { didYouMean } from "../../diagnostics/did-you-mean.ts";
import type { Manifest } from "../1-manifest/read-manifest.ts";
import type { DataPath } from "../1-manifest/spans.ts";
import { ATTRIBUTES, BINDABLE, type ResourceKind, type Text } from "./model.ts";
import { parseText } from "./parse-text.ts";

/** Resolves the names that one resource uses and remembers them as what it depends on. */
export interface NameResolver {
  /** The resource must exist and be of the kind. */
  requireKind(name: string, kind: ResourceKind, path: DataPath): void;
  /** The resource must exist and be something that an app can bind. */
  requireBindable(name: string, path: DataPath): void;
  /** Reads a text and resolves the references in it. A malformed one gives the text as it is. */
  readText(source: string, path: DataPath): Text;
  /** Adds a dependency that the manifest does not write out. */
  require(name: string): void;
  /** Names of what the resource needs, sorted. */
  dependencies(): readonly string[];
  /** The place of the value at a path. */
  locate(path: DataPath): SourceLocation;
  /** The place of the key at a path. */
  locateKey(path: DataPath): SourceLocation;
}

/** A resolver for one resource of the manifest. Failures are reported to the sink. */
export function createNameResolver({ data, locator }: Manifest, sink: BoundedSink): NameResolver {
  const needs = new Set<string>();
  const kindOf = (name: string): ResourceKind | undefined =>
    Object.hasOwn(data.resources, name) ? data.resources[name]?.kind : undefined;
  const find = (name: string, path: DataPath): ResourceKind | undefined => {
    const kind = kindOf(name);
    if (kind === undefined)
      sink.fail(() => {
        const suggestion = didYouMean(name, Object.keys(data.resources));
        return createDiagnostic(
          "SC3001",
          { name, suggestion, section: "resources" },
          locator.value(path),
        );
      });
    return kind;
  };
  const checkAttribute = (name: string, attribute: string, path: DataPath): void => {
    const kind = find(name, path);
    if (kind === undefined) return;
    if (ATTRIBUTES[kind].includes(attribute)) {
      needs.add(name);
      return;
    }
    const known = ATTRIBUTES[kind];
    sink.fail(() =>
      createDiagnostic(
        "SC3002",
        { kind, resource: name, attribute, known, suggestion: didYouMean(attribute, known) },
        locator.value(path),
      ),
    );
  };
  return {
    requireKind(name, expected, path) {
      const kind = find(name, path);
      if (kind === expected) needs.add(name);
      if (kind === undefined || kind === expected) return;
      sink.fail(() => {
        const fitting = Object.keys(data.resources).filter((other) => kindOf(other) === expected);
        return createDiagnostic(
          "SC3005",
          {
            key: keyOf(path),
            expected,
            resource: name,
            kind,
            suggestion: didYouMean(name, fitting),
          },
          locator.value(path),
        );
      });
    },
    requireBindable(name, path) {
      const kind = find(name, path);
      if (kind === undefined) return;
      if (BINDABLE.has(kind)) {
        needs.add(name);
        return;
      }
      sink.fail(() =>
        createDiagnostic(
          "SC3004",
          { resource: name, kind, bindable: [...BINDABLE] },
          locator.value(path),
        ),
      );
    },
    readText(source, path) {
      const parsed = parseText(source);
      if (!parsed.ok) {
        sink.fail(() => createDiagnostic("SC3003", { text: parsed.piece }, locator.value(path)));
        return [source];
      }
      for (const part of parsed.text)
        if (typeof part !== "string") checkAttribute(part.resource, part.attribute, path);
      return parsed.text;
    },
    require: (name) => {
      needs.add(name);
    },
    dependencies: () => [...needs].sort(),
    locate: (path) => locator.value(path),
    locateKey: (path) => locator.key(path),
  };
}

/** The last key of a path, e.g. `consumes` of `resources.shop.consumes[0]`. */
function keyOf(path: DataPath): string {
  return String(path.findLast((step) => typeof step === "string") ?? "");
}
