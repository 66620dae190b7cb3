import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Fence } from "../broker/ledger/describe-fence.ts";
import type { MachineCheck } from "../deploy/doctor.ts";
import { findLedger } from "./find-ledger.ts";
import { ledgerHome, projectHome } from "./sandbox-home.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Which ledgers a project uses, whether they can be opened and who holds the writer's fence: that of `local`, and that of live stacks where there is one. Nothing of
 * a URL is told but host and database.
 */
export async function checkLedgers(
  workplace: Workplace,
  root: string,
): Promise<readonly MachineCheck[]> {
  const isLiveUsed =
    (workplace.env.SUPERCARGO_LEDGER_URL ?? "") !== "" ||
    existsSync(ledgerHome(root, { live: true }));
  const stacks = [
    { name: "ledger", live: false },
    { name: "ledger of live stacks", live: true },
  ];
  return Promise.all(
    stacks
      .filter(({ live }) => !live || isLiveUsed)
      .map(({ name, live }) => checkLedger(workplace, root, name, live)),
  );
}

async function checkLedger(
  workplace: Workplace,
  root: string,
  name: string,
  live: boolean,
): Promise<MachineCheck> {
  const found = findLedger(workplace, root, { live });
  if ("ok" in found) {
    const { message, remedy } = found.failure;
    return { name, ok: false, found: message, remedy };
  }
  const [{ describeFence }, { findLockHolder }] = await Promise.all([
    import("../broker/ledger/describe-fence.ts"),
    import("../deploy/find-lock-holder.ts"),
  ]);
  const fence = await describeFence(found);
  const { description } = found;
  switch (fence) {
    case "absent":
      return { name, ok: true, found: `${description}, made by the first run` };
    case "older":
    case "newer":
      return {
        ...{ name, ok: false, found: `${description}, written by a version that is ${fence}` },
        remedy:
          fence === "newer"
            ? "Update supercargo."
            : "Go on with that version; only a ledger of `local` can be begun anew.",
      };
    case "unreachable":
      return {
        ...{ name, ok: false, found: `${description}, which cannot be opened` },
        remedy: "Start the database, or restore access to it or to the file.",
      };
    default: {
      const holder = findLockHolder(join(projectHome(root), "turn.lock"));
      return { name, ok: true, found: `${description}, ${describeWriter(fence, holder)}` };
    }
  }
}

/** The fence is the newest opener's, whether it still runs or not; a process at work here is named. */
function describeWriter({ writer, last }: Fence, holder: number | undefined): string {
  const who = last === undefined ? "" : ` (${last.subject ?? "somebody"}, last at ${last.at})`;
  const now = holder === undefined ? "nobody at work" : `process ${holder} at work`;
  return `fence held by writer ${writer}${who}, ${now}`;
}
