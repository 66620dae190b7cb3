import type { Kysely } from "kysely";
import type { Product } from "./products.ts";

export interface Order {
  readonly id: string;
  readonly product: string;
  readonly quantity: number;
  readonly email: string;
  readonly cents: number;
  /** `placed`, then `confirmed` once the queue's consumer wrote the receipt. */
  readonly status: "placed" | "confirmed";
  readonly receipt: string | null;
  readonly placedAt: string;
}

export interface DailyReport {
  readonly day: string;
  readonly orders: number;
  readonly cents: number;
}

export interface Tables {
  readonly orders: Order;
  readonly reports: DailyReport;
}
export type Database = Kysely<Tables>;

/** Makes the tables where they are missing; harmless to repeat. */
export async function prepareTables(db: Database): Promise<void> {
  await db.schema
    .createTable("orders")
    .ifNotExists()
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("product", "text", (column) => column.notNull())
    .addColumn("quantity", "integer", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("cents", "integer", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("receipt", "text")
    .addColumn("placedAt", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("reports")
    .ifNotExists()
    .addColumn("day", "text", (column) => column.primaryKey())
    .addColumn("orders", "integer", (column) => column.notNull())
    .addColumn("cents", "integer", (column) => column.notNull())
    .execute();
}

export async function placeOrder(
  db: Database,
  {
    product,
    quantity,
    email,
  }: { readonly product: Product; readonly quantity: number; readonly email: string },
): Promise<Order> {
  const order: Order = {
    id: crypto.randomUUID(),
    product: product.id,
    quantity,
    email,
    cents: product.cents * quantity,
    status: "placed",
    receipt: null,
    placedAt: new Date().toISOString(),
  };
  await db.insertInto("orders").values(order).execute();
  return order;
}

export function findOrder(db: Database, id: string): Promise<Order | undefined> {
  return db.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Gives an order its receipt; a message that arrives twice changes nothing. */
export async function confirmOrder(db: Database, id: string): Promise<void> {
  await db
    .updateTable("orders")
    .set({ status: "confirmed", receipt: `R-${id.slice(0, 8).toUpperCase()}` })
    .where("id", "=", id)
    .where("status", "=", "placed")
    .execute();
}

/** Sums up one day (UTC, `YYYY-MM-DD`); repeating it replaces the day's row. */
export async function writeDailyReport(db: Database, day: string): Promise<void> {
  const { orders, cents } = await db
    .selectFrom("orders")
    .select(({ fn }) => [fn.countAll().as("orders"), fn.sum("cents").as("cents")])
    .where("placedAt", "like", `${day}%`)
    .executeTakeFirstOrThrow();
  const totals = { orders: Number(orders), cents: Number(cents ?? 0) };
  await db
    .insertInto("reports")
    .values({ day, ...totals })
    .onConflict((conflict) => conflict.column("day").doUpdateSet(totals))
    .execute();
}

export function listReports(db: Database): Promise<readonly DailyReport[]> {
  return db.selectFrom("reports").selectAll().orderBy("day", "desc").limit(31).execute();
}
