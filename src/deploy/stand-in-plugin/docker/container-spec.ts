import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isProperties, type Properties } from "../property-names.ts";
import { containerBody, list } from "./container-body.ts";
import { type CallDocker, DockerError } from "./docker-api.ts";
import type { DockerSpec } from "./docker-spec.ts";
import { writeTar } from "./write-tar.ts";

const POLL_MS = 200;
const DEFAULT_WAIT_SECONDS = 60;

/** A container: created, filled, started, and waited for where the stack says so. Nothing of it changes in place. */
export const CONTAINER_SPEC: DockerSpec = {
  async create(call, inputs, isRepeated) {
    const name = String(inputs.name);
    if (isRepeated) await remove(call, name);
    const body = containerBody(inputs);
    const made = await call({
      method: "POST",
      path: `/containers/create?name=${encodeURIComponent(name)}`,
      body,
    });
    const id = String((made as { readonly Id: unknown }).Id);
    try {
      await fillAndStart(call, id, inputs);
    } catch (error) {
      // The engine knows nothing of it yet, and its name would be taken.
      await remove(call, id);
      throw error;
    }
    const exitCode = inputs.attach === true ? await waitForEnd(call, id) : undefined;
    return { id, outs: exitCode === undefined ? {} : { exitCode } };
  },
  async read(call, id, inputs) {
    const { State } = (await call({ method: "GET", path: `/containers/${id}/json` })) as {
      readonly State: { readonly Running: boolean };
    };
    return State.Running || inputs.mustRun === false;
  },
  remove,
};

async function fillAndStart(call: CallDocker, id: string, inputs: Properties): Promise<void> {
  const files = await Promise.all(list(inputs.uploads).filter(isProperties).map(readUpload));
  if (files.length > 0)
    await call({ method: "PUT", path: `/containers/${id}/archive?path=/`, tar: writeTar(files) });
  await call({ method: "POST", path: `/containers/${id}/start` });
  if (inputs.wait !== true) return;
  const end = performance.now() + Number(inputs.waitTimeout ?? DEFAULT_WAIT_SECONDS) * 1000;
  for (;;) {
    const { State } = (await call({ method: "GET", path: `/containers/${id}/json` })) as {
      readonly State: { readonly Health?: { readonly Status: string } };
    };
    if (State.Health?.Status === "healthy") return;
    if (performance.now() > end) throw new Error("the container did not become healthy in time");
    await sleep(POLL_MS);
  }
}

async function readUpload(upload: Properties) {
  const path = String(upload.file).replace(/^\/+/, "");
  if (typeof upload.content === "string") return { path, content: Buffer.from(upload.content) };
  if (typeof upload.contentBase64 === "string")
    return { path, content: Buffer.from(upload.contentBase64, "base64") };
  const source = String(upload.source);
  const content = await readFile(source);
  const digest = createHash("sha256").update(content).digest("hex");
  if (upload.sourceHash !== undefined && upload.sourceHash !== digest)
    throw new Error(
      `${source} is not the file whose SHA-256 the stack names; run supercargo compile`,
    );
  return { path, content };
}

async function waitForEnd(call: CallDocker, id: string): Promise<number> {
  const { StatusCode } = (await call({ method: "POST", path: `/containers/${id}/wait` })) as {
    readonly StatusCode: number;
  };
  if (StatusCode === 0) return 0;
  await remove(call, id);
  throw new Error(`the container ended with exit code ${StatusCode}`);
}

async function remove(call: CallDocker, id: string): Promise<void> {
  try {
    await call({
      method: "DELETE",
      path: `/containers/${encodeURIComponent(id)}?force=true&v=true`,
    });
  } catch (error) {
    if (!(error instanceof DockerError && error.status === 404)) throw error;
  }
}
