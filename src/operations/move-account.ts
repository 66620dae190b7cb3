import type { AccountMove } from "../broker/acts/move-account.ts";
import { openBrokerSession } from "./broker-session.ts";
import { compileSources, type StackQuery } from "./compile-sources.ts";
import { type Confirmation, confirmationOn, refuseUnanswered } from "./confirmation.ts";
import { openSandbox } from "./open-sandbox.ts";
import { type Outcome, succeed } from "./outcome.ts";
import { refuseBroker } from "./refuse-broker.ts";
import { refuseLive } from "./refuse-live.ts";
import { refuseUnknownLease } from "./rights-session.ts";
import { takeTurn } from "./take-turn.ts";
import type { Workplace } from "./workplace.ts";

export interface MoveAccountQuery extends StackQuery {
  /** The account's lease: its id, its path, or the beginning of one that names no other account. */
  readonly account: string;
  /** The orchestrator that vouches from now on. */
  readonly to: string;
  /** Asked before anything is sent: only a person decides who vouches. */
  readonly confirm: (path: string, by: Confirmation) => Promise<boolean>;
}

export type MoveAccountResult = Omit<AccountMove, "ok"> & { readonly account: string };

/** Lets another orchestrator vouch for an account, if the guardrails' matrix lets people move it. The account, what hangs on it and what is deployed stay; the old session ends. */
export async function moveAccount(
  workplace: Workplace,
  query: MoveAccountQuery,
): Promise<Outcome<MoveAccountResult>> {
  const compiled = await compileSources(workplace, query, { emit: false, ignorePolicy: true });
  if ("ok" in compiled) return compiled;
  const { model, project } = compiled;
  if (model.live) {
    return refuseLive(model.stack, "Only accounts of the stack `local` are moved.");
  }
  const { root } = project;
  const sandbox = await openSandbox(root, { daemon: true });
  if ("ok" in sandbox) return sandbox;
  return takeTurn(workplace, root, async () => {
    const place = {
      ...{ root, folder: `${root}/stacks/${model.name}` },
      ...{ project: model.name, stack: model.stack },
    };
    const subject = `human:${model.principal.email}`;
    const session = await openBrokerSession(workplace, compiled, sandbox, { subject, place });
    if ("ok" in session) return session;
    try {
      const { selectNodes } = await import("../broker/leases/lease-tree.ts");
      const found = selectNodes(await session.broker.leases(), query.account);
      const [account, ...more] = found.filter(({ kind }) => kind === "account");
      if (account === undefined || more.length > 0) return refuseUnknownLease(query.account);
      const by = confirmationOn(model.stack);
      if (!(await query.confirm(account.path, by)))
        return refuseUnanswered(
          "nothing was moved: a person must confirm who vouches for an account",
          by,
        );
      workplace.progress.step(`asking ${query.to} to vouch for ${account.path}`);
      const moved = await session.broker.moveAccount(account.id, query.to);
      if (!moved.ok) return refuseBroker(moved);
      const { ok: _, ...result } = moved;
      return succeed(
        { ...result, account: account.path },
        {
          nextSteps: ["npx supercargo leases", "npx supercargo log"],
          warnings:
            result.oldSession === "unconfirmed"
              ? [`the end of the session through ${result.from} is not confirmed yet`]
              : [],
        },
      );
    } finally {
      await session.close();
    }
  });
}
