import type { Confirmation } from "../../index.ts";
import { askPerson, LOCAL_YES_OPTION } from "../ask-person.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { refuseMissing } from "../refuse-missing.ts";

const command: Command = {
  name: "dashboard",
  summary: "write a link that signs you in at an account's dashboard into a file",
  details:
    "Whoever opens the link can do there all that the account can, so it is printed nowhere, and a person must confirm, on a live stack on a terminal. It works once, for some minutes. Only the guardrails' verb `claim` lets a person have it.",
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
    if (account === undefined) return refuseMissing("dashboard", "account");
    if (output === undefined) return refuseMissing("dashboard", "`--output-file`");
    const { openDashboard } = await import("../../index.ts");
    const confirm = (by: Confirmation) =>
      askPerson(call, "Write the link, whose opener is signed in at the account?", by);
    const query = { ...readProjectQuery(call), path, account, output, confirm };
    const outcome = await openDashboard(call.workplace, query);
    const text = outcome.ok
      ? `the link is in ${outcome.data.file}; open it before ${outcome.data.until}, it works once`
      : "";
    return { outcome, text };
  },
};
export default command;
