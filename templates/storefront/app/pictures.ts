import type { Bucket } from "./environment.ts";
import { findProduct, type Product } from "./products.ts";

/** A product's picture from the bucket; the first visitor draws it and puts it there. Undefined for an unknown product. */
export async function loadPicture(
  bucket: Bucket,
  productId: string,
): Promise<ReadableStream | undefined> {
  const product = findProduct(productId);
  if (product === undefined) return undefined;
  const key = `pictures/${product.id}.svg`;
  const stored = await bucket.get(key);
  if (stored !== null) return stored.body;
  await bucket.put(key, drawPicture(product), { httpMetadata: { contentType: "image/svg+xml" } });
  return (await bucket.get(key))?.body;
}

function drawPicture({ name, colors: [ink, paper] }: Product): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" role="img" aria-label="${name}">
  <rect width="320" height="200" fill="${paper}"/>
  <circle cx="160" cy="92" r="58" fill="none" stroke="${ink}" stroke-width="6"/>
  <path d="M160 46 L172 92 L160 138 L148 92 Z" fill="${ink}"/>
  <text x="160" y="182" font-family="Georgia, serif" font-size="18" text-anchor="middle" fill="${ink}">${name}</text>
</svg>`;
}
