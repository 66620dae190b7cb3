import { html, raw } from "hono/html";
import { formatCents, PRODUCTS } from "./products.ts";

const STYLE = `
  :root { color-scheme: light; --ink: #1c2733; --line: #d9dee4; --sea: #14506b; }
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: #f7f8fa; }
  header { background: var(--sea); color: #fff; padding: 2.5rem 1.5rem; }
  header > *, main { max-width: 60rem; margin: 0 auto; }
  h1 { font: 600 2rem Georgia, serif; }
  main { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1.25rem; padding: 1.5rem; }
  article { background: #fff; border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; display: flex; flex-direction: column; }
  article img { width: 100%; height: auto; display: block; border-bottom: 1px solid var(--line); }
  article > div { padding: 1rem; display: flex; flex-direction: column; gap: .5rem; flex: 1; }
  h2 { margin: 0; font-size: 1.1rem; }
  p { margin: 0; flex: 1; }
  form { display: flex; gap: .5rem; flex-wrap: wrap; }
  input, button { font: inherit; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: .4rem; }
  input[type=email] { flex: 1; min-width: 8rem; } input[type=number] { width: 4.2rem; }
  button { background: var(--sea); color: #fff; border-color: var(--sea); cursor: pointer; }
  output { display: block; max-width: 60rem; margin: 0 auto 2rem; padding: 0 1.5rem; }
`;

const SCRIPT = `
  addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target));
    const answer = await fetch("/api/orders", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...fields, quantity: Number(fields.quantity) }),
    });
    const body = await answer.json();
    const note = document.querySelector("output");
    note.textContent = answer.ok ? "Thank you, your order is placed. " : body.error.message;
    if (answer.ok) {
      const link = Object.assign(document.createElement("a"), { href: body.link, textContent: "See it" });
      note.append(link);
    }
    note.scrollIntoView({ behavior: "smooth" });
  });
`;

/** The shop window. */
export function renderShop(shopName: string): ReturnType<typeof html> {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${shopName}</title>
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <header><h1>${shopName}</h1><div>Small goods for long voyages.</div></header>
        <main>
          ${PRODUCTS.map(
            (product) => html`<article>
              <img src="/media/${product.id}" alt="${product.name}" width="320" height="200" />
              <div>
                <h2>${product.name} &middot; ${formatCents(product.cents)}</h2>
                <p>${product.blurb}</p>
                <form>
                  <input type="hidden" name="product" value="${product.id}" />
                  <input type="number" name="quantity" value="1" min="1" max="9" aria-label="Quantity" />
                  <input type="email" name="email" placeholder="you@example.com" aria-label="E-mail" required />
                  <button>Order</button>
                </form>
              </div>
            </article>`,
          )}
        </main>
        <output></output>
        <script>${raw(SCRIPT)}</script>
      </body>
    </html>`;
}
