import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import type { AlertSink } from "../../src/alerts/sinks/sink.ts";
import { findLeaks } from "../leaks/find-leaks.ts";
import { blockingAlert, testAlert } from "./arbitraries.ts";

/** How the other side behaves. `hanging` takes the connection and says nothing. */
export type SinkMood = "up" | "down" | "refusing" | "hanging";

/** A sink with the other side that it speaks to. */
export interface SinkWorld {
  readonly sink: AlertSink;
  set(mood: SinkMood): Promise<void>;
  /** Ids of the alerts that the other side keeps, once each. */
  kept(): readonly string[];
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/** What every sink must do. `cannot`: moods that it has no counterpart of, and why. */
export function describeSink(
  name: string,
  open: () => Promise<SinkWorld>,
  cannot: Partial<Record<SinkMood, string>> = {},
): void {
  describe(`promise 7: the sink ${name} says accepted only when the alert arrived`, () => {
    let world: SinkWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    test("accepts an alert that arrives", async () => {
      const alert = blockingAlert();
      expect(await world.sink.deliver(alert)).toEqual({ kind: "accepted" });
      expect(world.kept()).toEqual([alert.id]);
    });

    test("a repeat is accepted and known by its id", async () => {
      const alert = blockingAlert();
      for (let i = 0; i < 3; i++)
        expect(await world.sink.deliver(alert)).toEqual({ kind: "accepted" });
      expect(world.kept()).toEqual([alert.id]);
    });

    test("takes many alerts at once and loses none", async () => {
      const alerts = Array.from({ length: 20 }, (_, i): Alert => testAlert(`${i}`));
      const answers = await Promise.all(alerts.map((alert) => world.sink.deliver(alert)));
      expect(answers.every(({ kind }) => kind === "accepted")).toBe(true);
      expect([...world.kept()].sort()).toEqual(alerts.map(({ id }) => id).sort());
    });

    for (const mood of ["down", "refusing", "hanging"] as const) {
      const reason = cannot[mood];
      test.skipIf(reason !== undefined)(
        `with the other side ${mood} it ends by itself, accepts nothing, tells no secret, and recovers${reason === undefined ? "" : ` (not here: ${reason})`}`,
        async () => {
          await world.set(mood);
          const alert = blockingAlert();
          const answer = await world.sink.deliver(alert);
          expect(answer).toMatchObject({ code: expect.stringMatching(/^[a-z0-9_]+$/) });
          expect(answer.kind).toBe(mood === "hanging" ? "unknown" : "refused");
          expect(world.kept()).toEqual([]);
          const shown = JSON.stringify([answer, world.sink]);
          expect(findLeaks(new Map([["answer", shown]]), world.secrets)).toEqual([]);
          await world.set("up");
          expect(await world.sink.deliver(alert)).toEqual({ kind: "accepted" });
        },
      );
    }
  });
}
