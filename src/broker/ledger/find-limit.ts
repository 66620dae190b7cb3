import type { Limits, WindowCap } from "../../compiler/1-manifest/guardrails.ts";
import type { Money } from "../../util/money.ts";
import { nameWindow } from "./windows.ts";

/**
 * The cap on an account of money, the tightest where several apply: `provider/cloudflare/2026-11`, `total/last-24h`, `run/...`, `commitments`. Undefined where the
 * guardrails have none; that of a payment token stands in its lease.
 */
export function findLimit(limits: Limits, account: string, now: number): Money | undefined {
  if (account === "commitments") return limits.commitments;
  const family = account.slice(0, account.indexOf("/"));
  const window = account.slice(account.lastIndexOf("/") + 1);
  if (family === "run") return limits.perRun;
  const name = account.slice(family.length + 1, -window.length - 1);
  const isMeant = ({ scope, only, window: own }: WindowCap): boolean =>
    scope === family && nameWindow(own, now) === window && (only === undefined || only === name);
  const found = [
    window === nameWindow("month", now) ? findMonthly(limits, family, name) : undefined,
    ...(limits.windows ?? []).filter(isMeant).map(({ amount }) => amount),
  ].filter((limit) => limit !== undefined);
  return found.toSorted((a, b) => (a.minor < b.minor ? -1 : 1))[0];
}

function findMonthly(limits: Limits, family: string, name: string): Money | undefined {
  switch (family) {
    case "total":
      return limits.total;
    case "provider":
      return limits.perProvider;
    case "project":
      return limits.perProject;
    case "stack":
      return limits.perStack;
    case "agent":
      return limits.perAgent;
    case "category":
      return Object.hasOwn(limits.categories, name) ? limits.categories[name] : undefined;
    default:
      return undefined;
  }
}
