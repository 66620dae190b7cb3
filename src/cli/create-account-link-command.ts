import type { AccountLinkQuery, Confirmation, Outcome, Workplace, WrittenLink } from "../index.ts";
import { askPerson, LOCAL_YES_OPTION } from "./ask-person.ts";
import type { Command } from "./command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "./project-options.ts";
import { refuseMissing } from "./refuse-missing.ts";

/** A command that writes a link that is as good as an account into a file, once a person has said yes to `question`. */
export function createAccountLinkCommand({
  name,
  summary,
  details,
  question,
  write,
}: Pick<Command, "name" | "summary" | "details"> & {
  readonly question: string;
  readonly write: (workplace: Workplace, query: AccountLinkQuery) => Promise<Outcome<WrittenLink>>;
}): Command {
  return {
    ...{ name, summary, details },
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
      if (account === undefined) return refuseMissing(name, "account");
      if (output === undefined) return refuseMissing(name, "`--output-file`");
      const confirm = (by: Confirmation) => askPerson(call, question, by);
      const query = { ...readProjectQuery(call), path, account, output, confirm };
      const outcome = await write(call.workplace, query);
      const text = outcome.ok
        ? `the link is in ${outcome.data.file}; open it before ${outcome.data.until}`
        : "";
      return { outcome, text };
    },
  };
}
