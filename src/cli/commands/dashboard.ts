import { createAccountLinkCommand } from "../create-account-link-command.ts";

const command = createAccountLinkCommand({
  name: "dashboard",
  summary: "write a link that signs you in at an account's dashboard into a file",
  details:
    "Whoever opens the link can do there all that the account can, so it is printed nowhere, and a person must confirm, on a live stack on a terminal. It works once, for some minutes. Only the guardrails' verb `claim` lets a person have it.",
  question: "Write the link, whose opener is signed in at the account?",
  async write(workplace, query) {
    const { openDashboard } = await import("../../index.ts");
    return openDashboard(workplace, query);
  },
});
export default command;
