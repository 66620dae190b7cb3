/** Plays the program `stripe` with the plugin `projects` for the sandbox: `node stripe.ts <arguments>`, in the folder of a project. */
import { runStripe } from "./run-stripe.ts";

const printed = await runStripe(process.argv.slice(2), process.cwd(), process.env);
process.stdout.write(printed.stdout);
process.exitCode = printed.status;
