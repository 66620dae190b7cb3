import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { buildFor, OPENED, PLAIN } from "./bundle-template.ts";
import { missing, withServices } from "./services.ts";
import { describeShop, type RunningShop } from "./shop-suite.ts";
import { startVercelFunction } from "./start-vercel-function.ts";
import { startBlobStore } from "./vercel-blob-stand-in.ts";
import { startVercelQueues } from "./vercel-queues-stand-in.ts";

const CRON_SECRET = "only-for-tests";

/** Lays the storefront out as it is deployed; answers with the folder of its functions. */
async function layOut(folder: string): Promise<string> {
  const { files, path } = await buildFor("storefront", {
    ...{ kind: "vercel-output", name: "shop", source: "app" },
    content: { kind: "app", entry: "index.ts", schedules: ["0 3 * * *"], topics: ["receipts"] },
  });
  for (const file of files) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.bytes);
  }
  return join(folder, path, ".vercel/output/functions");
}

describeShop({
  title: "Vercel's functions with PostgreSQL, Vercel Blob and Vercel Queues",
  missing,
  open: () =>
    withServices(async ({ folder, postgres, ends }): Promise<RunningShop> => {
      const blob = await startBlobStore();
      ends.defer(blob.close);
      const queues = await startVercelQueues();
      ends.defer(queues.close);
      const services = { blob: blob.origin, queues: queues.origin, token: queues.token };
      const functions = await layOut(folder);
      const start = async (name: string) => {
        const started = await startVercelFunction(join(functions, `${name}.func`), services, {
          ...PLAIN,
          ...OPENED,
          DB: postgres,
          MEDIA: "vercel-blob:SUPERCARGO_MEDIA_READ_WRITE_TOKEN",
          SUPERCARGO_MEDIA_READ_WRITE_TOKEN: blob.token,
          RECEIPTS: "vercel-queue:iad1/receipts",
          VERCEL_DEPLOYMENT_ID: queues.deployment,
          CRON_SECRET,
        });
        ends.defer(started.close);
        return started.url;
      };
      const shop = await start("app");
      const consumer = await start("_supercargo/queues/receipts");
      queues.connect(async ({ url, method, headers, body }) => {
        const { pathname } = new URL(url);
        return fetch(new URL(pathname, consumer), { method, headers, body, duplex: "half" });
      });
      return {
        visit: (path, init) => fetch(new URL(path, shop), init),
        async runNightly() {
          const answer = await fetch(new URL("/_supercargo/scheduled", shop), {
            headers: {
              authorization: `Bearer ${CRON_SECRET}`,
              "user-agent": "vercel-cron/1.0",
              "x-vercel-cron-schedule": "0 3 * * *",
            },
          });
          expect(answer.status).toBe(204);
        },
        close: () => ends.disposeAsync(),
      };
    }),
});
