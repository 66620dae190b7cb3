import type { StackPlace } from "../deploy/stack-place.ts";
import { readLog } from "../log/read-log.ts";
import { type Refusal, refuse } from "./outcome.ts";

/** Says no to a state that isn't the one the last run left: the engine executes what is in it and believes what it says. */
export async function refuseChangedState(
  place: StackPlace,
  ledgerHome: string,
): Promise<Refusal | undefined> {
  const { judgeState } = await import("../deploy/judge-state.ts");
  const last = readLog(ledgerHome).findLast(
    ({ name, resource }) =>
      (name === "state-opened" || name === "state-sealed") &&
      resource?.project === place.project &&
      resource.stack === place.stack,
  );
  const note =
    last === undefined
      ? undefined
      : last.name === "state-opened"
        ? ({ phase: "opened" } as const)
        : ({ phase: "sealed", digest: last.fingerprint ?? "" } as const);
  if (judgeState(place, note) !== "changed") return undefined;
  return refuse({
    kind: "person",
    code: "state-changed",
    message: `the state of ${place.project} on ${place.stack} is not the one that the last run left: it was edited, put back or removed`,
    remedy:
      "Put the file below `.supercargo/pulumi` back as it was. If a person changed it on purpose: `npx supercargo status --accept-state`.",
  });
}
