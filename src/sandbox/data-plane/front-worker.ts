/** Header that names the Worker which a request is for; the app server sets it, and nobody else can reach workerd. */
export const WORKER_HEADER = "x-sandbox-worker";

/** Prefix of the front's service bindings to the deployed Workers. */
export const SERVICE_PREFIX = "to:";

/**
 * The first Worker of the instance: hands each request to the Worker that the header names, and holds every storage binding for the API's own use.
 * An exception becomes the error 1101 that Cloudflare shows, with the stack, because the reader is the developer.
 */
export const FRONT_WORKER = `
export default {
  async fetch(incoming, env) {
    const request = new Request(incoming);
    const worker = env["${SERVICE_PREFIX}" + request.headers.get("${WORKER_HEADER}")];
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
