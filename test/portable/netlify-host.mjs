// Plays the part of Netlify in a process of its own: hands each request to the function's `handler`, as an event of the Lambda kind, runs a schedule when its parent
// says so, and the queue's function all the time.
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

const [, , bundle, blobs, queue] = process.argv;
const { handler, handleQueue, handleSchedule } = await import(bundle);
const call = {
  ...{ rawUrl: "http://localhost/.netlify/functions/due", httpMethod: "POST" },
  ...{ headers: { "x-nf-event": "schedule" }, body: JSON.stringify({ next_run: "" }), blobs },
};

const server = createServer(async (incoming, outgoing) => {
  const { method = "GET", headers, url = "/" } = incoming;
  const body = await buffer(incoming);
  const answer = await handler({
    rawUrl: new URL(url, `http://${headers.host}`).href,
    path: url.split("?")[0],
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value].flat()]),
    ),
    body: body.toString("base64"),
    isBase64Encoded: true,
    blobs,
  });
  outgoing.writeHead(answer.statusCode, answer.multiValueHeaders);
  outgoing.end(Buffer.from(answer.body, answer.isBase64Encoded ? "base64" : "utf8"));
});
process.on("message", async ({ schedule }) => {
  process.send({ ran: (await handleSchedule(schedule)(call)).statusCode });
});
// Netlify does it each minute.
setInterval(() => void handleQueue(queue)(call), 200);
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
