import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DockerCall } from "../../src/deploy/stand-in-plugin/docker/docker-api.ts";
import { startMover } from "../../src/operations/migrate/start-mover.ts";

let program: Server;
beforeAll(async () => {
  program = createServer((request, response) => {
    request.resume().on("end", () => response.end("[]"));
  });
  await new Promise<void>((resolve) => program.listen(0, "127.0.0.1", resolve));
});
afterAll(() => program.close());

/** A host on which one app runs, with the containers of the given names besides. */
function openHost(fails?: (call: DockerCall) => boolean) {
  const containers = new Set(["shop", "shop-mover"]);
  const { port } = program.address() as AddressInfo;
  const call = async (asked: DockerCall): Promise<unknown> => {
    if (fails?.(asked) === true) throw new Error("the host does not answer");
    const { pathname, searchParams } = new URL(asked.path, "http://host");
    const name = decodeURIComponent(pathname.split("/")[2] ?? "");
    if (name === "create") containers.add(searchParams.get("name") ?? "");
    else if (asked.method === "DELETE") {
      if (!containers.delete(name)) throw Object.assign(new Error("none"), { status: 404 });
    } else if (asked.method === "GET")
      return {
        Config: { Image: "node", Env: [] },
        NetworkSettings: {
          Networks: { shop: {} },
          Ports: { "8080/tcp": [{ HostPort: String(port) }] },
        },
      };
    return undefined;
  };
  return { containers, call };
}

test("a mover has a name that no app can have, and goes", async () => {
  const { containers, call } = openHost();
  const mover = await startMover(call, "shop", new Uint8Array());
  expect([...containers]).toEqual(["shop", "shop-mover", "shop.mover"]);
  expect(await mover.items("MEDIA").list()).toEqual([]);
  await mover.remove();
  await mover.remove();
  expect([...containers]).toEqual(["shop", "shop-mover"]);
});

test("a mover that does not start leaves nothing behind", async () => {
  const { containers, call } = openHost(({ path }) => path.endsWith("/start"));
  const started = startMover(call, "shop", new Uint8Array());
  await expect(started).rejects.toThrow("the host does not answer");
  expect([...containers]).toEqual(["shop", "shop-mover"]);
});
