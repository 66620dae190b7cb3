import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BlobStore } from "../cloudflare/blob-store.ts";
import type { SandboxContext } from "../context.ts";
import type { ContainerHost } from "../docker/container-host.ts";
import type { DeployRecord, NetlifyRecords, SiteRecord } from "./netlify-records.ts";
import { readZip } from "./read-zip.ts";

/** Runs published deploys as the sandbox runs containers: as processes of Node with their own files alone. */
export interface DeployHost {
  /** Puts a deploy into its place, and the one before out of it. */
  publish(site: SiteRecord, deploy: DeployRecord): Promise<void>;
  withdraw(deploy: string): Promise<void>;
  findPort(deploy: string): number | undefined;
  /** Calls a function at its time; answers with its status. */
  callScheduled(deploy: DeployRecord, name: string): Promise<number>;
}

const PROGRAM = readFileSync(join(import.meta.dirname, "serve-deploy.ts"));
/** On which databases of other providers answer (`docker/hosted-databases.ts`). */
const NETWORK = "netlify";
const nameOf = (deploy: string) => `netlify-${deploy}`;

export function createDeployHost(
  context: SandboxContext,
  records: NetlifyRecords,
  { blobs, host }: { readonly blobs: BlobStore; readonly host: ContainerHost },
): DeployHost {
  const findPort = (deploy: string) => host.records.ports.get(nameOf(deploy))?.port;
  const read = (digest: string): Buffer => {
    const upload = records.uploads.get(digest);
    if (upload === undefined) throw new Error("not everything was uploaded");
    return readFileSync(blobs.path(upload.hash));
  };
  return {
    async publish(site, deploy) {
      const id = nameOf(deploy.id);
      host.records.containers.put(id, {
        ...{ id, name: id, image: "node:24", command: ["node", "/app/serve-deploy.mts"] },
        sealedEnv: describeEnvironment(context, site, deploy),
        ...{
          mounts: [],
          networks: [NETWORK],
          restarts: true,
          hasHealthcheck: false,
          isWanted: false,
        },
        ...{ exitCode: null, createdAt: deploy.createdAt },
      });
      host.fill(id, listFiles(deploy, read));
      await host.start(id);
    },
    async withdraw(deploy) {
      await host.remove(nameOf(deploy));
      host.records.ports.delete(nameOf(deploy));
    },
    findPort,
    async callScheduled(deploy, name) {
      const url = `http://127.0.0.1:${findPort(deploy.id)}/.netlify/functions/${name}`;
      const answer = await fetch(url, {
        method: "POST",
        headers: { "x-sandbox-key": keyOf(context, deploy.id), "x-nf-event": "schedule" },
        body: JSON.stringify({ next_run: new Date(context.now()).toISOString() }),
      });
      await answer.body?.cancel();
      return answer.status;
    },
  };
}

/** What shows a deploy's process that the sandbox calls. */
function keyOf({ store, random }: SandboxContext, deploy: string): string {
  const keys = store.collection<{ readonly key: string }>("netlify-keys");
  const known = keys.get(deploy);
  if (known !== undefined) return known.key;
  const key = random(16);
  keys.put(deploy, { key });
  return key;
}

/** The deploy's own variables, those of the platform, and what the process needs to play it. */
function describeEnvironment(
  context: SandboxContext,
  site: SiteRecord,
  deploy: DeployRecord,
): string {
  const origin = `${context.controlUrl}/netlify/stores`;
  const access = {
    url: origin,
    url_uncached: origin,
    token: context.unseal(site.sealedStoreToken),
  };
  const own = {
    blobs: Buffer.from(JSON.stringify(access)).toString("base64"),
    key: keyOf(context, deploy.id),
    scheduled: deploy.schedules.map(({ name }) => name),
  };
  const lines = [
    ...(JSON.parse(context.unseal(deploy.sealedEnvironment)) as readonly string[]),
    `SITE_ID=${site.id}`,
    `SITE_NAME=${site.name}`,
    `URL=https://${site.customDomain ?? `${site.name}.netlify.app`}`,
    `SANDBOX_NETLIFY=${JSON.stringify(own)}`,
  ];
  return context.seal(JSON.stringify(lines));
}

function listFiles(
  { files, functions }: DeployRecord,
  read: (digest: string) => Buffer,
): ReadonlyMap<string, Buffer> {
  const all = new Map<string, Buffer>([["/app/serve-deploy.mts", PROGRAM]]);
  for (const [path, digest] of Object.entries(files))
    all.set(`/app/publish${path}`, read(`sha1:${digest}`));
  for (const [name, digest] of Object.entries(functions))
    for (const [path, content] of readZip(read(`sha256:${digest}`)))
      all.set(`/app/functions/${name}/${path}`, content);
  return all;
}
