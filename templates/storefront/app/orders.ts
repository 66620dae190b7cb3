import type { Database } from "./environment.ts";
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

/** Makes the tables where they are missing; harmless to repeat. */
export async function prepareTables(db: Database): Promise<void> {
  await db.batch([
    db.prepare(
      `CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, product TEXT NOT NULL, quantity INTEGER NOT NULL, email TEXT NOT NULL,
       cents INTEGER NOT NULL, status TEXT NOT NULL, receipt TEXT, placedAt TEXT NOT NULL) STRICT`,
    ),
    db.prepare(
      "CREATE TABLE IF NOT EXISTS reports (day TEXT PRIMARY KEY, orders INTEGER NOT NULL, cents INTEGER NOT NULL) STRICT",
    ),
  ]);
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
  await db
    .prepare(
      "INSERT INTO orders (id, product, quantity, email, cents, status, receipt, placedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(
      order.id,
      order.product,
      order.quantity,
      order.email,
      order.cents,
      order.status,
      order.receipt,
      order.placedAt,
    )
    .run();
  return order;
}

export async function findOrder(db: Database, id: string): Promise<Order | undefined> {
  return (
    (await db.prepare("SELECT * FROM orders WHERE id = ?").bind(id).first<Order>()) ?? undefined
  );
}

/** Gives an order its receipt; a message that arrives twice changes nothing. */
export async function confirmOrder(db: Database, id: string): Promise<void> {
  await db
    .prepare(
      "UPDATE orders SET status = 'confirmed', receipt = ? WHERE id = ? AND status = 'placed'",
    )
    .bind(`R-${id.slice(0, 8).toUpperCase()}`, id)
    .run();
}

/** Sums up one day (UTC, `YYYY-MM-DD`); repeating it replaces the day's row. */
export async function writeDailyReport(db: Database, day: string): Promise<void> {
  await db
    .prepare(
      `INSERT INTO reports (day, orders, cents) SELECT ?1, COUNT(*), COALESCE(SUM(cents), 0) FROM orders WHERE substr(placedAt, 1, 10) = ?1
       ON CONFLICT (day) DO UPDATE SET orders = excluded.orders, cents = excluded.cents`,
    )
    .bind(day)
    .run();
}

export async function listReports(db: Database): Promise<readonly DailyReport[]> {
  return (await db.prepare("SELECT * FROM reports ORDER BY day DESC LIMIT 31").all<DailyReport>())
    .results;
}
