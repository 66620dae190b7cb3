/** Entry of the provider `supercargo` for OpenTofu. */
import { runPlugin } from "../../tfplugin/run-plugin.ts";
import { createLeaseProvider } from "./lease-provider.ts";

await runPlugin(createLeaseProvider());
