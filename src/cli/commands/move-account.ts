import type { Confirmation, MoveAccountResult } from "../../index.ts";
import { askPerson, LOCAL_YES_OPTION } from "../ask-person.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { refuseMissing } from "../refuse-missing.ts";

const command: Command = {
  name: "move-account",
  summary: "let another orchestrator vouch for an account; a person must confirm",
  details:
    "The account, what hangs on it and what is deployed stay. The session through the old orchestrator is ended at the provider where that can be done, or dies when it expires.",
  arguments: [
    { name: "account", summary: "id or path of the account's lease, see `leases`" },
    PROJECT_ARGUMENT,
  ],
  options: {
    to: { kind: "text", placeholder: "NAME", summary: "the orchestrator, as in the manifest" },
    stack: PROJECT_OPTIONS.stack,
    yes: LOCAL_YES_OPTION,
  },
  async run(call) {
    const [account, path] = call.arguments;
    const to = call.texts.get("to");
    if (account === undefined) return refuseMissing("move-account", "account");
    if (to === undefined) return refuseMissing("move-account", "`--to`");
    const { moveAccount } = await import("../../index.ts");
    const confirm = (name: string, by: Confirmation) =>
      askPerson(call, `Let ${to} vouch for ${name}?`, by);
    const query = { ...readProjectQuery(call), path, account, to, confirm };
    const outcome = await moveAccount(call.workplace, query);
    return { outcome, text: outcome.ok ? describe(outcome.data) : "" };
  },
};
export default command;

const OLD_SESSION = {
  ended: "is ended",
  unconfirmed: "is not confirmed dead yet; every run tries again",
  "lives-on": "is forgotten here, and its token lives on until whoever made it ends it",
} as const;

function describe({ account, from, to, oldSession, ...rest }: MoveAccountResult): string {
  const old =
    oldSession === "expires"
      ? `can't be ended there and dies by itself${rest.oldSessionExpiresAt === undefined ? "" : `, at the latest on ${rest.oldSessionExpiresAt}`}`
      : OLD_SESSION[oldSession];
  return `${to} vouches for ${account}; the session through ${from} ${old}`;
}
