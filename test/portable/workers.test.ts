import { Miniflare, Response as WorkerResponse } from "miniflare";
import { COMPATIBILITY_DATE } from "../../src/adapters/vendors/cloudflare/lower-app.ts";
import { bundleTemplate, PLAIN } from "./bundle-template.ts";
import { describeShop } from "./shop-suite.ts";

/** Miniflare's type of it needs a package of Cloudflare's types. */
interface ScheduledWorker {
  scheduled(event: { readonly cron: string; readonly scheduledTime: Date }): Promise<unknown>;
}

describeShop({
  title: "Cloudflare Workers (workerd, D1, R2, Queues)",
  async open() {
    const miniflare = new Miniflare({
      name: "shop",
      modules: [{ type: "ESModule", path: "worker.js", contents: await bundleTemplate("workers") }],
      compatibilityDate: COMPATIBILITY_DATE,
      compatibilityFlags: ["nodejs_compat"],
      bindings: PLAIN,
      d1Databases: ["DB"],
      r2Buckets: ["MEDIA"],
      queueProducers: { RECEIPTS: "receipts" },
      queueConsumers: { receipts: { maxBatchTimeout: 0 } },
      outboundService: () => new WorkerResponse(null, { status: 403 }),
    });
    const url = await miniflare.ready;
    return {
      visit: (path, init) => fetch(new URL(path, url), init),
      async runNightly() {
        const worker = (await miniflare.getWorker("shop")) as unknown as ScheduledWorker;
        await worker.scheduled({ cron: "0 3 * * *", scheduledTime: new Date() });
      },
      close: () => miniflare.dispose(),
    };
  },
});
