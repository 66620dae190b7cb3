import { expect } from "vitest";
import { OPENED, PLAIN, writeTemplate } from "./bundle-template.ts";
import { startPubsub } from "./pubsub-stand-in.ts";
import { missing, withServices } from "./services.ts";
import { describeShop, type RunningShop } from "./shop-suite.ts";
import { startGoogleFunction } from "./start-google-function.ts";

describeShop({
  title: "Google's functions with PostgreSQL, an S3-compatible store and Pub/Sub",
  missing,
  open: () =>
    withServices(async ({ folder, postgres, bucket, ends }): Promise<RunningShop> => {
      const pubsub = await startPubsub();
      ends.defer(pubsub.close);
      const file = await writeTemplate(folder, "google");
      const variables = { ...PLAIN, ...OPENED, DB: postgres, MEDIA: bucket, RECEIPTS: pubsub.url };
      const start = async (target: string) => {
        const started = await startGoogleFunction(file, target, variables);
        ends.defer(started.close);
        return started.url;
      };
      const app = await start("app");
      pubsub.connect(await start("queue"));
      const scheduled = await start("scheduled");
      return {
        visit: (path, init) => fetch(new URL(path, app), init),
        async runNightly() {
          const headers = { "x-cloudscheduler-scheduletime": new Date().toISOString() };
          const answer = await fetch(scheduled, { method: "POST", headers });
          expect(answer.status).toBe(204);
        },
        close: () => ends.disposeAsync(),
      };
    }),
});
