import type { Confirmation } from "../../index.ts";
import { askPerson, LOCAL_YES_OPTION } from "../ask-person.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { refuseMissing } from "../refuse-missing.ts";

const command: Command = {
  name: "claim",
  summary: "write the link that makes an unclaimed account your own into a file",
  details:
    "Whoever opens the link owns the account, so it is printed nowhere, and a person must confirm, on a live stack on a terminal. Unclaimed accounts and their deadlines stand in `leases` and `status`.",
  arguments: [
    { name: "account", summary: "id or path of the account's lease, see `leases`" },
    PROJECT_ARGUMENT,
  ],
  options: {
    "output-file": {
      kind: "text",
      placeholder: "FILE",
      summary: "a new file, readable by you alone",
    },
    stack: PROJECT_OPTIONS.stack,
    yes: LOCAL_YES_OPTION,
  },
  async run(call) {
    const [account, path] = call.arguments;
    const output = call.texts.get("output-file");
    if (account === undefined) return refuseMissing("claim", "account");
    if (output === undefined) return refuseMissing("claim", "`--output-file`");
    const { claimAccount } = await import("../../index.ts");
    const confirm = (by: Confirmation) =>
      askPerson(call, "Write the link, whose opener owns the account?", by);
    const query = { ...readProjectQuery(call), path, account, output, confirm };
    const outcome = await claimAccount(call.workplace, query);
    const text = outcome.ok
      ? `the link is in ${outcome.data.file}; open it before ${outcome.data.until}`
      : "";
    return { outcome, text };
  },
};
export default command;
