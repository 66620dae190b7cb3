import { expect } from "vitest";
import { OPENED, PLAIN, writeTemplate } from "./bundle-template.ts";
import { startNetlifyBlobs } from "./netlify-blobs-stand-in.ts";
import { missing, withServices } from "./services.ts";
import { describeShop, type RunningShop } from "./shop-suite.ts";
import { startNetlifyFunction } from "./start-netlify-function.ts";

describeShop({
  title: "Netlify's functions with PostgreSQL and Netlify Blobs",
  missing,
  open: () =>
    withServices(async ({ folder, postgres, ends }): Promise<RunningShop> => {
      const stores = await startNetlifyBlobs();
      ends.defer(async () => stores.close());
      const file = await writeTemplate(folder, "netlify");
      const shop = await startNetlifyFunction(
        { file, blobs: stores.blobs, queue: "receipts" },
        {
          ...PLAIN,
          ...OPENED,
          ...{ DB: postgres, MEDIA: "netlify-blobs:media", RECEIPTS: "netlify-queue:receipts" },
          SITE_ID: stores.site,
        },
      );
      ends.defer(shop.close);
      return {
        visit: (path, init) => fetch(new URL(path, shop.url), init),
        async runNightly() {
          expect(await shop.run("0 3 * * *")).toBe(204);
        },
        close: () => ends.disposeAsync(),
      };
    }),
});
