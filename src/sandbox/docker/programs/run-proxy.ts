import type { Program } from "../program.ts";

/** `caddy:*`: the sandbox's own app port serves what the Caddyfile says, so nothing has to run. Ports 80 and 443 of the machine are never taken. */
export const runProxy: Program = {
  async start() {
    const end = Promise.withResolvers<number>();
    return {
      ready: Promise.resolve(),
      ended: end.promise,
      async stop() {
        end.resolve(0);
      },
    };
  },
};
