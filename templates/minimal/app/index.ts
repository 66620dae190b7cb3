/** Counts its visitors in the key-value store that the manifest binds as VISITS. */
interface Environment {
  readonly VISITS: {
    get(key: string): Promise<string | null>;
    put(key: string, value: string): Promise<void>;
  };
}

export default {
  async fetch(_request: Request, env: Environment): Promise<Response> {
    const visits = Number((await env.VISITS.get("count")) ?? "0") + 1;
    await env.VISITS.put("count", String(visits));
    return new Response(`Hello, visitor ${visits}.\n`);
  },
};
