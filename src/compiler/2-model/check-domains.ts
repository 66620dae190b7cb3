import type { Catalog } from "../../catalog/catalog.ts";
import type { BoundedSink } from "../../diagnostics/bounded-sink.ts";
import { createDiagnostic } from "../../diagnostics/catalogue.ts";
import type { Diagnostic, SourceLocation } from "../../diagnostics/diagnostic.ts";
import { toUnicodeName } from "../../util/domain-name.ts";
import {
  findScriptFault,
  formatCodePoint,
  type ScriptFault,
} from "../../util/domains/label-scripts.ts";
import { toSkeleton } from "../../util/domains/look-alikes.ts";
import { splitDomain } from "../../util/domains/registrable-domain.ts";
import type { Guardrails } from "../1-manifest/guardrails.ts";
import type { Manifest } from "../1-manifest/read-manifest.ts";
import type { DomainNode, ResourceNode } from "./model.ts";

interface DomainInput {
  readonly manifest: Manifest;
  readonly guardrails: Guardrails;
  readonly catalog: Catalog;
}

/** A name that people know: the first label of a domain as they read it, or the name of a provider. */
interface KnownName {
  readonly label: string;
  /** The whole of it for a message. */
  readonly shown: string;
  readonly what: "domain of" | "name of the provider";
  readonly owner: string;
}

/**
 * A domain is registered once, in the currency in which it is held against the caps. It is exactly what a registry sells, in scripts that
 * people can tell apart, and it does not look like another domain of the manifest or like a provider of the catalogue.
 */
export function checkDomains(
  nodes: readonly ResourceNode[],
  { manifest: { locator }, guardrails, catalog }: DomainInput,
  sink: BoundedSink,
): void {
  const owners = new Map<string, string>();
  const known = listProviders(catalog);
  const { currency } = guardrails.limits.total;
  for (const node of nodes) {
    if (node.kind !== "domain") continue;
    const { name, domain, maxPrice } = node;
    const at = locator.value(["resources", name, "domain"]);
    const other = owners.get(domain);
    if (other !== undefined) sink.fail(() => createDiagnostic("SC3018", { domain, other }, at));
    else {
      owners.set(domain, name);
      checkRegistrable(domain, at, sink);
      checkScripts(domain, at, sink);
      checkLikeness(node, known, at, sink);
    }
    if (maxPrice.currency !== currency)
      sink.fail(() =>
        createDiagnostic(
          "SC3017",
          { amount: maxPrice, currency },
          locator.value(["resources", name, "maxPrice"]),
        ),
      );
  }
}

function checkRegistrable(domain: string, at: SourceLocation, sink: BoundedSink): void {
  const { registrable } = splitDomain(domain);
  if (registrable === domain) return;
  const reason =
    registrable === undefined
      ? "it is a public suffix, below which others register their names"
      : "it lies below a name that can";
  sink.fail(() => createDiagnostic("SC3028", { domain, reason, registrable }, at));
}

function checkScripts(domain: string, at: SourceLocation, sink: BoundedSink): void {
  for (const label of toUnicodeName(domain).split(".")) {
    const fault = findScriptFault(label);
    if (fault !== undefined) sink.fail(() => describeFault(fault, domain, label, at));
  }
}

function describeFault(
  fault: ScriptFault,
  domain: string,
  label: string,
  at: SourceLocation,
): Diagnostic {
  switch (fault.kind) {
    case "mixed-scripts":
      return createDiagnostic(
        "SC3029",
        { label, domain, scripts: `the scripts ${fault.scripts.join(" and ")}` },
        at,
      );
    case "mixed-digits":
      return createDiagnostic("SC3029", { label, domain, scripts: "digits of two kinds" }, at);
    case "rare-script": {
      const characters = fault.characters.map(formatCodePoint).join(", ");
      return createDiagnostic("SC3030", { label, domain, characters }, at);
    }
  }
}

/** By skeleton. The name itself is no look-alike of itself: a brand may be registered below several suffixes. */
function checkLikeness(
  { name, domain }: DomainNode,
  known: Map<string, KnownName>,
  at: SourceLocation,
  sink: BoundedSink,
): void {
  const unicode = toUnicodeName(domain);
  const label = unicode.slice(0, unicode.indexOf("."));
  const skeleton = toSkeleton(label);
  const other = known.get(skeleton);
  if (other === undefined) {
    known.set(skeleton, { label, shown: unicode, what: "domain of", owner: name });
    return;
  }
  if (other.label === label) return;
  const values = { unicode, other: other.shown, what: other.what, owner: other.owner };
  if (/^[\x20-\x7e]*$/.test(label + other.label))
    sink.report(createDiagnostic("SC3032", values, at));
  else sink.fail(() => createDiagnostic("SC3031", values, at));
}

function listProviders({ services }: Catalog): Map<string, KnownName> {
  const providers = new Set([...services.values()].map(({ provider }) => provider));
  return new Map(
    [...providers].map((provider) => [
      toSkeleton(provider),
      { label: provider, shown: provider, what: "name of the provider", owner: provider },
    ]),
  );
}
