import { appendEvent } from "./append-event.ts";
import { RENEWS } from "./commitment-book.ts";
import type { Section } from "./group-commit.ts";
import type { Intent } from "./ledger.ts";

/** Ends an intent that was never sent, and says why where there is a reason. */
export function giveUp(section: Section, intent: Intent, code?: string): void {
  const { key, identity, provider, lease, parameters } = intent;
  endInVain(section, key, "abandoned");
  const { project, stack, resource: name } = identity;
  const resource = { project, stack, name };
  const object = typeof parameters.object === "string" ? parameters.object : undefined;
  const event = { name: "act-abandoned", actor: { run: "recovery" }, resource, object } as const;
  appendEvent(section, { ...event, lease, provider, intent: key, code });
}

/** Ends an act that nothing came of: all that it held is given back. */
export function endInVain(
  { state, changes, now }: Section,
  key: string,
  outcome: "refused" | "abandoned",
): void {
  const { parameters } = state.intents.end(changes, key, outcome, now);
  state.money.settle(changes, key, "nothing", "void", now);
  state.commitments.end(changes, ({ id }) => id === key, false, now);
  const renews = parameters[RENEWS];
  if (typeof renews === "string") state.commitments.renew(changes, renews, false);
}
