import { join } from "node:path";
import { expect } from "vitest";
import { startBlobStorage } from "./blob-stand-in.ts";
import { OPENED, PLAIN, writeTemplate } from "./bundle-template.ts";
import { startNode } from "./node-process.ts";
import { missing, type Services, withServices } from "./services.ts";
import { describeShop, type RunningShop } from "./shop-suite.ts";

/** The bundle as a process of its own, with nothing installed beside it; each second is night. */
async function openShop(
  services: Services,
  variables: Readonly<Record<string, string>>,
): Promise<RunningShop> {
  const { folder, postgres, bucket, ends } = services;
  const shop = await startNode(await writeTemplate(folder, "node"), {
    ...PLAIN,
    ...OPENED,
    DB: postgres,
    MEDIA: bucket,
    RECEIPTS: `${postgres}?queue=receipts`,
    SUPERCARGO_CONSUMES: "RECEIPTS",
    SUPERCARGO_CRONS: "* * * * * *",
    ...variables,
  });
  ends.defer(async () => {
    expect(await shop.end("SIGTERM"), shop.errors()).toEqual({ code: 0, signal: null });
    expect(shop.errors()).toBe("");
  });
  return {
    visit: (path, init) => fetch(new URL(path, shop.url), init),
    runNightly: async () => undefined,
    close: () => ends.disposeAsync(),
  };
}

describeShop({
  title: "Node with PostgreSQL and an S3-compatible store",
  missing,
  open: () => withServices((services) => openShop(services, {})),
});

describeShop({
  title:
    "Node with PostgreSQL that a service's credentials lead to, among addresses of its own and others'",
  missing,
  open: () =>
    withServices((services) => {
      const { host, username, password, pathname } = new URL(services.postgres);
      const login = `${username}:${password}`;
      const credentials = {
        DATABASE_URL: `postgresql://${login}@${host}${pathname}?sslmode=disable&channel_binding=prefer`,
        POSTGRES_URL_NO_SSL: `postgres://${login}@${host}${pathname}?sslmode=disable`,
        api_url: `https://${host}/rest`,
        user: username,
        password,
      };
      return openShop(services, { DB: JSON.stringify(credentials) });
    }),
});

describeShop({
  title: "Node with a SQLite file, a queue in PostgreSQL and an S3-compatible store",
  missing,
  open: () =>
    withServices((services) =>
      openShop(services, { DB: `file:${join(services.folder, "shop.sqlite")}` }),
    ),
});

describeShop({
  title: "Node with PostgreSQL and Azure's Blob Storage",
  missing,
  open: () =>
    withServices(async (services) => {
      const storage = await startBlobStorage();
      services.ends.defer(storage.close);
      return openShop(services, { MEDIA: storage.url, ...storage.identity });
    }),
});
