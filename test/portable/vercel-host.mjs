// Plays the part of Vercel's launcher in a process of its own: serves the `fetch` of the handler's default export (vercel/vercel, serverless-handler.mts), with the project's
// token in each request, whatever the visitor wrote there. What the function asks of Vercel Blob and Vercel Queues goes to stand-ins.
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

const [, , handler, blob, queues, token] = process.argv;
const send = globalThis.fetch;
globalThis.fetch = (url, init) =>
  send(
    String(url)
      .replace(/^https:\/\/vercel\.com\/api\/blob/, `${blob}/api`)
      .replace(/^https:\/\/iad1\.vercel-queue\.com/, queues)
      .replace(/^https:\/\/Store1\.private\.blob\.vercel-storage\.com/, `${blob}/objects`),
    init,
  );
const { default: app } = await import(handler);

const server = createServer(async (incoming, outgoing) => {
  const { method = "GET", headers, url = "/" } = incoming;
  const body = await buffer(incoming);
  const request = new Request(new URL(url, `http://${headers.host}`), {
    method,
    headers: { ...headers, "x-vercel-oidc-token": token },
    ...(body.length > 0 && { body }),
  });
  const open = [];
  const answer = await app.fetch(request, { waitUntil: (work) => void open.push(work) });
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
  await Promise.all(open);
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
