// Plays the part of Vercel's launcher in a process of its own: serves the `fetch` of the bundle's default export (vercel/vercel, serverless-handler.mts). What the bundle
// asks of Vercel Blob goes to a stand-in.
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

const [, , bundle, blob] = process.argv;
const send = globalThis.fetch;
globalThis.fetch = (url, init) =>
  send(
    String(url)
      .replace(/^https:\/\/vercel\.com\/api\/blob/, `${blob}/api`)
      .replace(/^https:\/\/Store1\.private\.blob\.vercel-storage\.com/, `${blob}/objects`),
    init,
  );
const { default: app } = await import(bundle);

const server = createServer(async (incoming, outgoing) => {
  const { method = "GET", headers, url = "/" } = incoming;
  const body = await buffer(incoming);
  const request = new Request(new URL(url, `http://${headers.host}`), {
    method,
    headers,
    ...(body.length > 0 && { body }),
  });
  const open = [];
  const answer = await app.fetch(request, { waitUntil: (work) => void open.push(work) });
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
  await Promise.all(open);
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
