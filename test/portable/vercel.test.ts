import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { OPENED, PLAIN, writeTemplate } from "./bundle-template.ts";
import { startNode } from "./node-process.ts";
import { missing, withServices } from "./services.ts";
import { describeShop, type RunningShop } from "./shop-suite.ts";
import { startVercelFunction } from "./start-vercel-function.ts";
import { startBlobStore } from "./vercel-blob-stand-in.ts";

const CRON_SECRET = "only-for-tests";

// Vercel hands no queue's messages to a function of ours, so a process beside it does.
describeShop({
  title: "Vercel's function with PostgreSQL and Vercel Blob",
  missing,
  open: () =>
    withServices(async ({ folder, postgres, bucket, ends }): Promise<RunningShop> => {
      const blob = await startBlobStore();
      ends.defer(blob.close);
      const shared = {
        ...PLAIN,
        ...OPENED,
        DB: postgres,
        RECEIPTS: `${postgres}?queue=receipts`,
      };
      const shop = await startVercelFunction(await writeTemplate(folder, "vercel"), blob.origin, {
        ...shared,
        MEDIA: "vercel-blob:SUPERCARGO_MEDIA_READ_WRITE_TOKEN",
        SUPERCARGO_MEDIA_READ_WRITE_TOKEN: blob.token,
        CRON_SECRET,
      });
      ends.defer(shop.close);
      const beside = join(folder, "beside");
      mkdirSync(beside);
      const consumer = await startNode(await writeTemplate(beside, "node"), {
        ...shared,
        MEDIA: bucket,
        SUPERCARGO_CONSUMES: "RECEIPTS",
      });
      ends.defer(async () => void (await consumer.end("SIGTERM")));
      return {
        visit: (path, init) => fetch(new URL(path, shop.url), init),
        async runNightly() {
          const answer = await fetch(new URL("/_supercargo/scheduled", shop.url), {
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
