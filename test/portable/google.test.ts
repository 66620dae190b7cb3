import { expect } from "vitest";
import { OPENED, PLAIN, writeTemplate } from "./bundle-template.ts";
import { pushMessage, startPubsub } from "./pubsub-stand-in.ts";
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
      const start = async (target: string, signature: "http" | "cloudevent") => {
        const started = await startGoogleFunction(file, target, signature, variables);
        ends.defer(started.close);
        return started.url;
      };
      const app = await start("app", "http");
      pubsub.connect(await start("queue", "cloudevent"));
      const scheduled = await start("scheduled", "cloudevent");
      return {
        visit: (path, init) => fetch(new URL(path, app), init),
        async runNightly() {
          const data = Buffer.from("{}").toString("base64");
          expect(await pushMessage(scheduled, { data, messageId: crypto.randomUUID() })).toBe(true);
        },
        close: () => ends.disposeAsync(),
      };
    }),
});
