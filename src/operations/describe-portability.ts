import type { Lowered } from "../adapters/vendors/contract.ts";
import { findVendor } from "../adapters/vendors/find-vendor.ts";
import { VENDORS } from "../adapters/vendors/registry.ts";
import { loadCatalog } from "../catalog/load-catalog.ts";
import { evaluatePolicy } from "../compiler/3-policy/evaluate-policy.ts";
import type { Charge } from "../compiler/3-policy/policy-result.ts";
import { lowerModel } from "../compiler/lower-model.ts";
import { matchesAny } from "../compiler/matches-any.ts";
import {
  assessMoves,
  CARRIED,
  type MoveAssessment,
  type VendorAssessment,
} from "../migration/assess-moves.ts";
import { formatMoney } from "../util/money.ts";
import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { suggestCommand } from "./suggest-command.ts";
import type { Workplace } from "./workplace.ts";

/** What moving one resource to one vendor takes. */
export interface PortabilityMove extends Omit<MoveAssessment, "resource"> {
  readonly provider: string;
  /** The guardrails allow the provider. */
  readonly allowed: boolean;
  readonly costs: {
    /** What is copied, `every row`; null when nothing is. */
    readonly copied: string | null;
    /** What is paid once, `0.00 USD`; null when the price is not known. */
    readonly oneTime: string | null;
    /** What it costs here and would cost there, in words. */
    readonly here: string;
    readonly there: string;
  };
}

/** Where one resource lives, and where else it can. */
export interface PortableResource {
  readonly name: string;
  readonly kind: string;
  readonly provider: string;
  /** By vendor, in the registry's order; empty for what no vendor but its own could ever serve. */
  readonly moves: readonly PortabilityMove[];
}

export interface PortabilityReport {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly PortableResource[];
}

/** Where each resource of a manifest lives, where else it can, what changes there and what the way costs. Asks nobody. */
export async function describePortability(
  workplace: Workplace,
  query: StackQuery,
): Promise<Outcome<PortabilityReport>> {
  const compiled = await compileSources(workplace, query, { emit: false, ignorePolicy: true });
  if ("ok" in compiled) return compiled;
  const { model } = compiled;
  const nothing = formatMoney({ currency: model.limits.total.currency, minor: 0n });
  const { providers } = model.guardrails.allowed;
  const standIns = providers.flatMap((one) => VENDORS.filter(({ id }) => matchesAny([one], id)));
  const ways = assessMoves(model, VENDORS, findVendor, standIns).map((way) => ({
    way,
    prices: priceThere(way),
  }));
  const resources = model.resources.map(
    ({ name, kind, provider }): PortableResource => ({
      name,
      kind,
      provider,
      moves: ways.flatMap(({ way, prices }) => {
        const move = way.moves.find(({ resource }) => resource === name);
        if (move === undefined) return [];
        const { resource: _, ...assessment } = move;
        const stays = move.verdict === "stays";
        const here = describePrice(name, provider, compiled);
        return {
          provider: way.vendor.id,
          ...assessment,
          allowed: matchesAny(providers, way.vendor.id),
          costs: {
            copied: stays ? null : (CARRIED[kind] ?? null),
            oneTime: stays ? nothing : (prices?.oneTime(name) ?? null),
            here,
            there: stays ? here : (prices?.describe(name) ?? "unknown"),
          },
        };
      }),
    }),
  );
  const { name: project, stack } = model;
  return succeed({ project, stack, resources }, { nextSteps: [suggestCommand("preview", query)] });
}

/** What the bill is when everything that can be is at a vendor; undefined when the resources can't be together. */
function priceThere({ vendor, there }: VendorAssessment) {
  if (there.conflicts.length > 0) return undefined;
  const { model } = there;
  const ignore = { report: () => undefined };
  const lowered = lowerModel(model, findVendor, ignore);
  if (lowered === undefined) return undefined;
  const policy = evaluatePolicy({ model, lowered, catalog: loadCatalog() }, ignore);
  const nothing = formatMoney({ currency: model.limits.total.currency, minor: 0n });
  /** Null where a charge has no price that is known. */
  const oneTime = (name: string): string | null => {
    const charges = policy.charges.filter(({ resource }) => resource === name);
    if (charges.some(({ kind }) => kind === "unknown")) return null;
    const due = charges.find((charge) => charge.oneTime !== undefined)?.oneTime;
    return due === undefined ? nothing : formatMoney(due);
  };
  return {
    describe: (name: string) =>
      describePrice(name, there.standIns.get(name)?.id ?? vendor.id, { lowered, policy }),
    oneTime,
  };
}

function describePrice(
  name: string,
  provider: string,
  { lowered, policy }: Pick<CompiledProject, "policy"> & { readonly lowered: readonly Lowered[] },
): string {
  const charges = policy.charges.filter(({ resource }) => resource === name);
  if (charges.length > 0) return charges.map(describeCharge).join(", ");
  return lowered.find((one) => one.provider === provider)?.unpriced ?? "nothing of its own";
}

function describeCharge({ kind, monthly, yearly }: Charge): string {
  const fixed = [
    ...(monthly === undefined ? [] : [`${formatMoney(monthly)} a month`]),
    ...(yearly === undefined ? [] : [`${formatMoney(yearly)} a year`]),
  ];
  if (kind === "usage") return [...fixed, "by use"].join(" and ");
  return fixed.length > 0 ? fixed.join(" and ") : kind === "free" ? "free" : "unknown";
}
