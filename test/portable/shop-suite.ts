import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The storefront's app, running somewhere. */
export interface RunningShop {
  /** Sends a request to the shop; `path` begins with `/`. */
  visit(path: string, init?: RequestInit): Promise<Response>;
  /** Lets the nightly cron run now, as the platform would. Where it runs by itself there is nothing to do. */
  runNightly(): Promise<void>;
  close(): Promise<void>;
}

export interface ShopBuild {
  /** Where it runs, for people. */
  readonly title: string;
  /** Why it cannot run on this machine. */
  readonly missing?: string | undefined;
  open(): Promise<RunningShop>;
}

interface Placed {
  readonly order: { readonly id: string; readonly placedAt: string };
  readonly link: string;
}

/** What waits for a queue or a cron. */
const SOON = { timeout: 60_000, interval: 200 };

/** What a customer may expect of the shop, whatever it runs on: the same requests against each build. */
export function describeShop(build: ShopBuild): void {
  const { title, missing } = build;
  if (missing !== undefined) console.warn(`skipped the storefront on ${title}: ${missing}`);
  describe.skipIf(missing !== undefined)(`the storefront on ${title}`, () => {
    let shop: RunningShop;
    beforeAll(async () => {
      shop = await build.open();
    });
    afterAll(() => shop?.close());

    const order = (form: unknown) =>
      shop.visit("/api/orders", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(form),
      });
    const place = async (): Promise<Placed> => {
      const answer = await order({ product: "compass", quantity: 2, email: "ada@example.com" });
      expect(answer.status).toBe(201);
      return (await answer.json()) as Placed;
    };
    const read = async (path: string): Promise<unknown> => (await shop.visit(path)).json();

    test("the home page shows the goods under the shop's name", async () => {
      const page = await shop.visit("/");
      expect(page.status).toBe(200);
      expect(page.headers.get("content-type")).toMatch(/^text\/html/);
      const text = await page.text();
      expect(text).toContain("<title>Ship &amp; Shore</title>");
      expect(text).toContain('src="/media/compass"');
    });

    test("a product has its picture, drawn for the first visitor and stored for the next", async () => {
      const first = await shop.visit("/media/compass");
      const second = await shop.visit("/media/compass");
      expect([first.status, second.status]).toEqual([200, 200]);
      expect(first.headers.get("content-type")).toBe("image/svg+xml");
      const text = await first.text();
      expect(text).toContain("Brass compass</text>");
      expect(await second.text()).toBe(text);
      expect((await shop.visit("/media/..%2F..%2Forders")).status).toBe(404);
    });

    test("an order is placed and read back by its link alone", async () => {
      const { order: placed, link } = await place();
      expect(await read(link)).toMatchObject({
        order: { id: placed.id, product: "compass", quantity: 2, cents: 6800 },
      });
      expect((await shop.visit(link.replace(/key=.*/, "key=00"))).status).toBe(404);
    });

    test("orders at the same moment are all kept", async () => {
      const placed = await Promise.all(Array.from({ length: 8 }, place));
      const links = new Set(placed.map(({ link }) => link));
      expect(links.size).toBe(8);
      for (const link of links) expect((await shop.visit(link)).status).toBe(200);
    });

    test("the queue's consumer gives each order its receipt", async () => {
      const { order: placed, link } = await place();
      const receipt = `R-${placed.id.slice(0, 8).toUpperCase()}`;
      await expect
        .poll(() => read(link), SOON)
        .toMatchObject({ order: { status: "confirmed", receipt } });
    });

    test("the nightly report sums the day up, and once more", async () => {
      const { order: placed } = await place();
      const day = placed.placedAt.slice(0, 10);
      const orders = expect.toSatisfy((count: number) => count > 0, "a number above 0");
      await shop.runNightly();
      await expect
        .poll(() => read("/api/report"), SOON)
        .toMatchObject({ reports: [{ day, orders }] });
      await shop.runNightly();
      const { reports } = (await read("/api/report")) as {
        readonly reports: readonly { readonly orders: number; readonly cents: number }[];
      };
      expect(reports).toHaveLength(1);
      expect(reports[0]?.cents).toBe(6800 * (reports[0]?.orders ?? 0));
    });

    test("what is wrong is said in plain words", async () => {
      const wrong = [
        {},
        { product: "anchor" },
        { product: "compass", quantity: 0.5, email: "a@b.c" },
        { product: "compass", quantity: 1, email: "nobody" },
      ];
      for (const form of wrong) {
        const answer = await order(form);
        expect(answer.status).toBe(400);
        expect(await answer.json()).toMatchObject({
          error: { message: expect.stringMatching(/\.$/) },
        });
      }
      const broken = await shop.visit("/api/orders", { method: "POST", body: "{" });
      expect(broken.status).toBe(400);
      expect((await shop.visit("/nowhere")).status).toBe(404);
    });
  });
}
