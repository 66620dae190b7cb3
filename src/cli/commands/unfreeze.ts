import type { Confirmation } from "../../index.ts";
import { askPerson, LOCAL_YES_OPTION } from "../ask-person.ts";
import type { Command } from "../command.ts";
import { PROJECT_ARGUMENT, PROJECT_OPTIONS, readProjectQuery } from "../project-options.ts";
import { PROVIDER_OPTION } from "./freeze.ts";

const command: Command = {
  name: "unfreeze",
  summary: "let spending go on; a person must confirm",
  details:
    "What the freeze revoked stays revoked: `rotate` hands out new credentials. On a live stack the person must confirm on a terminal.",
  arguments: [PROJECT_ARGUMENT],
  options: { stack: PROJECT_OPTIONS.stack, provider: PROVIDER_OPTION, yes: LOCAL_YES_OPTION },
  async run(call) {
    const { unfreezeSpending } = await import("../../index.ts");
    const provider = call.texts.get("provider");
    const confirm = (by: Confirmation) =>
      askPerson(call, `Let ${provider ?? "all"} spend again?`, by);
    const query = { ...readProjectQuery(call), provider, confirm };
    const outcome = await unfreezeSpending(call.workplace, query);
    const text = outcome.ok ? `${outcome.data.scope} may spend again, within its caps` : "";
    return { outcome, text };
  },
};
export default command;
