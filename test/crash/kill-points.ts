import type { LeaseKind } from "../../src/broker/protocol.ts";
import { STEP_NAMES, type StepName } from "../../src/broker/steps.ts";
import { VICTIMS, type Victim } from "./victims.ts";

/** What is made in the projects in `fixtures`, as far as it is looked at there. */
export const CRASH_KINDS = {
  purchases: ["account", "payment-token", "domain"],
  rights: ["access-token", "service-instance", "secret"],
} as const satisfies Readonly<Record<string, readonly LeaseKind[]>>;
export type CrashGroup = keyof typeof CRASH_KINDS;

/** A process to kill and the moment, as text: `engine after mark of create domain`. */
export type KillPoint = `${Victim} after ${StepName} of create ${LeaseKind}`;

/**
 * Who dies after which step: the command line, the engine or the provider. A command line takes the broker with it, and the next run goes on with the act;
 * without its engine or provider the broker ends the act, so that what comes later in it needs another life. Each of these takes four.
 */
const TURNS = ["CECPCEC", "ECPCPCE", "PCEECCP"] as const;
const OTHER_TURNS = ["CPCECPC", "PCECECP", "ECPPCCE"] as const;
const BY_LETTER: Readonly<Record<string, Victim>> = {
  C: "command line",
  E: "engine",
  P: "provider",
};

/**
 * After each step of the creation of each kind, one death: what is durable just after a step is what is durable just before the next one. Purchases and
 * rights together meet each victim after each step.
 */
export function listKillPoints(group: CrashGroup): readonly KillPoint[] {
  const turns = group === "purchases" ? TURNS : OTHER_TURNS;
  return CRASH_KINDS[group].flatMap((kind, turn) =>
    STEP_NAMES.map((name, index): KillPoint => {
      const victim = BY_LETTER[turns[turn]?.[index] ?? ""] ?? "command line";
      return `${victim} after ${name} of create ${kind}`;
    }),
  );
}

/** The same with the death of each victim after each step. */
export function listAllKillPoints(group: CrashGroup): readonly KillPoint[] {
  return CRASH_KINDS[group].flatMap((kind) =>
    STEP_NAMES.flatMap((name) =>
      VICTIMS.map((victim): KillPoint => `${victim} after ${name} of create ${kind}`),
    ),
  );
}
