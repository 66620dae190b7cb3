import { toVisibleAscii } from "../util/visible-text.ts";
import type { Alert, AlertSubject } from "./alert.ts";

/** An alert for people. */
export interface AlertWording {
  /** One line, without a line break. */
  readonly title: string;
  /** A few short lines. */
  readonly text: string;
}

/** Says an alert in plain words, in visible ASCII: no name in it can break a line, a header or a terminal. */
export function describeAlert(alert: Alert): AlertWording {
  const lines = [
    ...explain(alert),
    ...describeSubject(alert.subject),
    `when: ${alert.at}`,
    `alert: ${alert.id}`,
  ];
  return {
    title: toVisibleAscii(`Supercargo: ${summarise(alert)}`),
    text: lines.map(toVisibleAscii).join("\n"),
  };
}

function summarise(alert: Alert): string {
  switch (alert.kind) {
    case "threshold":
      return `${alert.threshold} % of the cap ${alert.cap} is reached`;
    case "first-spend":
      return `first spend with the ${alert.of} ${alert.name}`;
    case "forecast":
      return `the cap ${alert.cap} is likely to be reached before its time is over`;
    case "denial-burst":
      return `${alert.count} acts denied within ${alert.minutes} minutes`;
    case "unknown-outcome":
      return `it is not known whether ${alert.subject.provider ?? "a provider"} has acted`;
    case "test":
      return "a test of the alerts";
  }
}

function explain(alert: Alert): readonly string[] {
  switch (alert.kind) {
    case "threshold":
      return [
        `${alert.committed} of ${alert.limit} are spent, held or in doubt: ${alert.share} % of the cap ${alert.cap}.`,
        ...(alert.blocks
          ? ["Nothing more is bought under this cap before this message was accepted."]
          : []),
        "To stop all spending, run: npx supercargo freeze",
      ];
    case "first-spend":
      return [`${alert.amount} are the first money for the ${alert.of} ${alert.name}.`];
    case "forecast":
      return [
        `${alert.committed} of ${alert.limit} are used, ${alert.renewals} of it for renewals. At this pace it will be ${alert.expected}.`,
      ];
    case "denial-burst":
      return [
        `The broker denied ${alert.count} acts of ${alert.scope} within ${alert.minutes} minutes: something keeps trying what it may not do.`,
      ];
    case "unknown-outcome":
      return [
        `No answer is known to an act sent at ${alert.since}. Money held for it: ${alert.held}.`,
        "Run npx supercargo up again; if it stays so, look into the provider's dashboard and run npx supercargo settle.",
      ];
    case "test":
      return ["Somebody tries whether alerts arrive. Nothing has happened, nothing is to be done."];
  }
}

function describeSubject(subject: AlertSubject): readonly string[] {
  const names = ["agent", "project", "stack", "resource", "provider"] as const;
  return names.flatMap((name) =>
    subject[name] === undefined ? [] : [`${name}: ${subject[name]}`],
  );
}
