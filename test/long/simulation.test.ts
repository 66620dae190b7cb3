import { test } from "vitest";
import { expectCapsKept } from "../broker/simulation/expect-caps-kept.ts";

/** The first seed of a night; `SUPERCARGO_SEED` and `SUPERCARGO_SEEDS=1` replay one that failed. */
const FIRST = Number(process.env.SUPERCARGO_SEED ?? Math.floor(Math.random() * 1_000_000_000));
/** What two quiet cores do in about half an hour. */
const SEEDS = Number(process.env.SUPERCARGO_SEEDS ?? "100000");
const TIMEOUT_MS = 3 * 3_600_000;

test(
  `promise 1: no cap is exceeded in ${SEEDS} simulated seeds from ${FIRST} on`,
  {
    timeout: TIMEOUT_MS,
  },
  ({ task }) => expectCapsKept(task, FIRST, SEEDS),
);
