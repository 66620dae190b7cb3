import type { LogEvent } from "../../log/event.ts";
import { chainEvent } from "../../log/log-table.ts";
import type { Section } from "./group-commit.ts";

/** Writes an entry of the log in the section's own append. */
export function appendEvent({ state, changes, now }: Section, event: LogEvent): void {
  const row = chainEvent(state.logTail, event, now);
  state.logTail = row;
  changes.put("log", { ...row });
}
