import { randomBytes } from "node:crypto";

/** Header that names the Worker which a request is for; the app server sets it, and nobody else can reach workerd. */
export const WORKER_HEADER = "x-sandbox-worker";

/** Prefix of the front's service bindings to the deployed Workers. */
export const SERVICE_PREFIX = "to:";

/** Header of the API's own requests. Its value is this process's alone, for who finds a way past the app server must not read buckets. */
export const LIST_HEADER = "x-sandbox-list";
export const LIST_KEY = randomBytes(32).toString("hex");

/**
 * The first Worker of the instance: hands each request to the Worker that the header names, and holds every storage binding for the API's own use. A request with {@link LIST_HEADER} and
 * the key of this process comes from the API: it asks for a page of a bucket's objects, `{ binding, options }`. Through miniflare's proxy each field of each object of a list would be an exchange that stops this process.
 * An exception becomes the error 1101 that Cloudflare shows, with the stack, because the reader is the developer.
 */
export const FRONT_WORKER = `
export default {
  async fetch(incoming, env) {
    const request = new Request(incoming);
    const name = request.headers.get("${WORKER_HEADER}");
    if (name === null && request.headers.get("${LIST_HEADER}") === "${LIST_KEY}") {
      const { binding, options } = await request.json();
      const { objects, truncated, cursor } = await env[binding].list(options);
      const listed = objects.map(({ key, size, etag, uploaded, httpMetadata }) => ({ key, size, etag, uploaded, httpMetadata }));
      return Response.json({ objects: listed, truncated, cursor });
    }
    const worker = env["${SERVICE_PREFIX}" + name];
    request.headers.delete("${WORKER_HEADER}");
    if (worker === undefined) return new Response("no such Worker", { status: 404 });
    try {
      return await worker.fetch(request);
    } catch (error) {
      console.error(error?.stack ?? String(error));
      const text = "error code: 1101\\nWorker threw exception\\n\\n" + (error?.stack ?? error) + "\\n";
      return new Response(text, { status: 500, headers: { "content-type": "text/plain; charset=utf-8" } });
    }
  },
};
`;
