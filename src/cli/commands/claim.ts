import { createAccountLinkCommand } from "../create-account-link-command.ts";

const command = createAccountLinkCommand({
  name: "claim",
  summary: "write the link that makes an unclaimed account your own into a file",
  details:
    "Whoever opens the link owns the account, so it is printed nowhere, and a person must confirm, on a live stack on a terminal. Unclaimed accounts and their deadlines stand in `leases` and `status`.",
  question: "Write the link, whose opener owns the account?",
  async write(workplace, query) {
    const { claimAccount } = await import("../../index.ts");
    return claimAccount(workplace, query);
  },
});
export default command;
