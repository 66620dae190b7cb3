import { join } from "node:path";
import { createSinks } from "../alerts/create-sinks.ts";
import type { AlertSink } from "../alerts/sinks/sink.ts";
import { systemClock } from "../broker/clock.ts";
import type { AlertRules } from "../compiler/1-manifest/guardrails.ts";
import type { Workplace } from "./workplace.ts";

/** The sinks of a stack's broker. Nobody is woken for play money: on the sandbox there is the log alone. */
export function openSinks(
  alerts: AlertRules,
  { home, live }: { readonly home: string; readonly live: boolean },
  { env }: Pick<Workplace, "env">,
): readonly AlertSink[] {
  const settings = live ? alerts : { logIsEnough: true, webhooks: [], mail: [] };
  return createSinks(settings, { logFile: join(home, "alerts.jsonl"), env, clock: systemClock });
}
