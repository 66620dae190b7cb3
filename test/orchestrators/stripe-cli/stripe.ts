/** The stand-in of Stripe's CLI as a program. */
import { runStripe } from "./run-stripe.ts";

const printed = runStripe(process.argv.slice(2), process.cwd(), process.env);
if (printed === "hang") setInterval(() => undefined, 1000);
else {
  process.stdout.write(printed.stdout);
  process.exitCode = printed.status;
}
