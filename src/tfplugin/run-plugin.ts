import type { PluginProvider } from "./plugin-provider.ts";
import { servePlugin } from "./serve-plugin.ts";

/** A whole provider program: says its line and serves until the engine ends it, or ends. */
export async function runPlugin(provider: PluginProvider): Promise<void> {
  const server = await servePlugin(provider, process.env);
  process.stdout.write(
    server === undefined
      ? "This is a provider of OpenTofu, which starts it by itself.\n"
      : `${server.handshake}\n`,
  );
  if (server === undefined) return;
  // A plugin whose engine was killed is of no use to anybody.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) server.close();
  }, 500).unref();
}
