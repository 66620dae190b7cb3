import { findProduct, type Product } from "./products.ts";

export interface OrderForm {
  readonly product: Product;
  readonly quantity: number;
  readonly email: string;
}

/** Checks what a customer sent. Answers with the form, or with one plain sentence about what is wrong. */
export function readOrderForm(body: unknown): OrderForm | string {
  if (typeof body !== "object" || body === null)
    return "Send a JSON object with product, quantity and email.";
  const { product: productId, quantity, email } = body as Record<string, unknown>;
  const product = typeof productId === "string" ? findProduct(productId) : undefined;
  if (product === undefined) return "There is no such product; GET /api/products lists them.";
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1 || quantity > 9) {
    return "The quantity must be a whole number from 1 to 9.";
  }
  if (typeof email !== "string" || email.length > 254 || !/^[^@\s]+@[^@\s]+$/.test(email)) {
    return "The e-mail address doesn't look like one.";
  }
  return { product, quantity, email };
}
