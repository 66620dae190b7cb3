import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { OPENED, PLAIN, writeTemplate } from "./bundle-template.ts";
import { startNetlifyBlobs } from "./netlify-blobs-stand-in.ts";
import { startNode } from "./node-process.ts";
import { missing, withServices } from "./services.ts";
import { describeShop, type RunningShop } from "./shop-suite.ts";
import { startNetlifyFunction } from "./start-netlify-function.ts";

// Netlify has no queue, so a process beside it takes the messages.
describeShop({
  title: "Netlify's function with PostgreSQL and Netlify Blobs",
  missing,
  open: () =>
    withServices(async ({ folder, postgres, bucket, ends }): Promise<RunningShop> => {
      const stores = await startNetlifyBlobs();
      ends.defer(async () => stores.close());
      const shared = {
        ...PLAIN,
        ...OPENED,
        DB: postgres,
        RECEIPTS: `${postgres}?queue=receipts`,
      };
      const shop = await startNetlifyFunction(
        await writeTemplate(folder, "netlify"),
        stores.blobs,
        { ...shared, MEDIA: "netlify-blobs:media", SITE_ID: stores.site },
      );
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
          expect(await shop.run("0 3 * * *")).toBe(204);
        },
        close: () => ends.disposeAsync(),
      };
    }),
});
