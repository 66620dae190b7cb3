import { Hono } from "hono";
import { type Environment, openDatabase, type ReceiptRequest } from "./environment.ts";
import { isOrderLinkValid, signOrder } from "./order-link.ts";
import {
  confirmOrder,
  type Database,
  findOrder,
  listReports,
  placeOrder,
  prepareTables,
  writeDailyReport,
} from "./orders.ts";
import { renderShop } from "./page.ts";
import { loadPicture } from "./pictures.ts";
import { PRODUCTS } from "./products.ts";
import { readOrderForm } from "./read-order-form.ts";

const app = new Hono<{ Bindings: Environment; Variables: { db: Database } }>();

/** Databases whose tables are there. */
const prepared = new WeakSet<object>();

app.use("/api/*", async (context, next) => {
  context.set("db", await openShop(context.env));
  await next();
});

app.get("/", (context) => context.html(renderShop(context.env.SHOP_NAME)));

app.get("/api/products", (context) => context.json({ products: PRODUCTS }));

app.get("/media/:product", async (context) => {
  const picture = await loadPicture(context.env.MEDIA, context.req.param("product"));
  if (picture === undefined)
    return context.json({ error: { message: "There is no such picture." } }, 404);
  return context.body(picture, 200, {
    "content-type": "image/svg+xml",
    "cache-control": "public, max-age=3600",
  });
});

app.post("/api/orders", async (context) => {
  const form = readOrderForm(await context.req.json<unknown>().catch(() => undefined));
  if (typeof form === "string") return context.json({ error: { message: form } }, 400);
  const order = await placeOrder(context.var.db, form);
  await context.env.RECEIPTS.send({ order: order.id });
  const link = `/api/orders/${order.id}?key=${await signOrder(context.env.SESSION_KEY, order.id)}`;
  return context.json({ order, link }, 201);
});

app.get("/api/orders/:id", async (context) => {
  const id = context.req.param("id");
  const isValid = await isOrderLinkValid(
    context.env.SESSION_KEY,
    id,
    context.req.query("key") ?? "",
  );
  const order = isValid ? await findOrder(context.var.db, id) : undefined;
  if (order === undefined)
    return context.json(
      { error: { message: "There is no such order, or the link is incomplete." } },
      404,
    );
  return context.json({ order });
});

app.get("/api/report", async (context) =>
  context.json({ reports: await listReports(context.var.db) }),
);

app.notFound((context) => context.json({ error: { message: "There is nothing here." } }, 404));

export default {
  fetch: app.fetch,

  /** Messages of the queue `receipts`: each order gets its receipt. */
  async queue(
    batch: { readonly messages: readonly { readonly body: ReceiptRequest }[] },
    env: Environment,
  ): Promise<void> {
    const db = await openShop(env);
    for (const message of batch.messages) await confirmOrder(db, message.body.order);
  },

  /** The cron resource `nightly-report`. */
  async scheduled(event: { readonly scheduledTime: number }, env: Environment): Promise<void> {
    const db = await openShop(env);
    await writeDailyReport(db, new Date(event.scheduledTime).toISOString().slice(0, 10));
  },
};

/** The database with its tables in it. */
async function openShop({ DB }: Environment): Promise<Database> {
  const db = openDatabase(DB);
  if (prepared.has(DB)) return db;
  // Of two who make the same table at once PostgreSQL fails one, who finds it there afterwards.
  await prepareTables(db).catch(() => prepareTables(db));
  prepared.add(DB);
  return db;
}
