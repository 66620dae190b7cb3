import { expect, test } from "vitest";
import { searchWidening } from "../permissions/delegation-chains.ts";
import { compareEvaluators } from "../permissions/differential.ts";
import { noteFigure } from "../promises/note-figure.ts";

/** Each round draws anew; the title names the seed, so that a round can be repeated. */
const SEED = Number(process.env.SUPERCARGO_SEED ?? Math.floor(Math.random() * 1_000_000));
const ROUNDS = 20;

test(`promise 10: our evaluator, Cedar and the specification agree on a million requests, seed ${SEED}`, ({
  task,
}) => {
  let requests = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const compared = compareEvaluators(1_000_000 / ROUNDS, SEED + round * 10);
    expect(compared.disagreements, `round ${round}`).toEqual([]);
    requests += compared.requests;
  }
  expect(requests).toBeGreaterThanOrEqual(1_000_000);
  noteFigure(task, `0 disagreements in ${requests} requests`);
});

test(`promise 11: no sub-agent may what its parent may not, in a million chains, seed ${SEED}`, ({
  task,
}) => {
  let chains = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const searched = searchWidening(1_000_000 / ROUNDS, SEED + round * 10);
    expect(searched.violations, `round ${round}`).toEqual([]);
    chains += searched.chains;
  }
  expect(chains).toBeGreaterThanOrEqual(1_000_000);
  noteFigure(task, `0 violations in ${chains} chains`);
});
