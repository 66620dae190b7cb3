import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createNetlifyProvider } from "../../src/deploy/stand-in-plugin/netlify/netlify-provider.ts";
import { readLimitWait } from "../../src/deploy/stand-in-plugin/netlify/read-limit-wait.ts";
import type { Operations } from "../../src/deploy/stand-in-plugin/stand-in.ts";
import { digestFiles } from "../../src/util/digest-files.ts";
import { startTestNetlify, type TestNetlify } from "../sandbox/netlify/test-netlify.ts";

const DEPLOY = "netlify:index/deploy:Deploy";
const SITE = "netlify:index/site:Site";
const STORE = "netlify:index/blobStore:BlobStore";
const NAME = { name: "acme-shop" };
const SITES = "/sandbox/sites";

let netlify: TestNetlify;
let folder = "";
beforeEach(async () => {
  netlify = await startTestNetlify();
  folder = mkdtempSync(join(tmpdir(), "supercargo-deploy-"));
});
afterEach(async () => {
  await netlify.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(more: Readonly<Record<string, string>> = {}, args = {}): Operations {
  const env = { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url, ...more };
  const operations = createNetlifyProvider("0.1.0", env).configure(args);
  if (operations === undefined) throw new Error("there is no token");
  return operations;
}
const create = async (type: string, inputs: object, isRepeated = false) =>
  (await open().create(type, { ...inputs }, isRepeated)).id;
const read = async (type: string, id: string, inputs: object) =>
  (await open().read(type, id, {}, { ...inputs }))?.inputs;
const sites = () => netlify.records.sites.list();
const published = () => sites()[0]?.published;
const posts = () => netlify.calls.map(({ call }) => call).filter((call) => call.startsWith("POST"));

/** Inputs of a deploy of one page with this text. */
function lay(siteId: string, text: string): object {
  const directory = join(folder, text);
  mkdirSync(join(directory, "publish"), { recursive: true });
  writeFileSync(join(directory, "publish/index.html"), text);
  const files = [{ path: "publish/index.html", bytes: Buffer.from(text) }];
  return { siteId, directory, sha256: digestFiles(files) };
}
/** What answers once, then nothing. */
function once(wanted: string, answer: number | (() => Response)): void {
  netlify.onAnswer = async (call) => {
    if (call !== wanted) return undefined;
    netlify.onAnswer = async () => undefined;
    return typeof answer === "number" ? answer : answer();
  };
}

describe("a deploy", () => {
  it("that goes back to earlier inputs is a new one, also when its answer is lost", async () => {
    const site = await create(SITE, NAME);
    const [first, second] = [lay(site, "first"), lay(site, "second")];
    const old = await create(DEPLOY, first);
    await create(DEPLOY, second);
    once(`POST /sites/${site}/deploys`, 502);
    const back = await create(DEPLOY, first);
    expect([back === old, published()]).toEqual([false, back]);

    // Nor is the old one what a run that died made.
    await create(DEPLOY, second);
    const again = await create(DEPLOY, first, true);
    expect([[old, back].includes(again), published()]).toEqual([false, again]);
    expect(await create(DEPLOY, first, true)).toBe(again);

    // What Netlify never made is no earlier one, either.
    await create(DEPLOY, second);
    netlify.onCall = (call) =>
      call === `POST /sites/${site}/deploys` ? new Response(null, { status: 500 }) : undefined;
    await expect(create(DEPLOY, first)).rejects.toThrow("was answered with 500");
  }, 60_000);

  it("is what its site serves in the end, or none that was made", async () => {
    const site = await create(SITE, NAME);
    const first = await create(DEPLOY, lay(site, "first"));
    // Somebody goes back by hand as soon as the new one is there.
    const revert = () => {
      const record = sites()[0];
      if (record !== undefined) netlify.records.sites.put(site, { ...record, published: first });
    };
    netlify.onAnswer = async (call) => {
      if (!/^GET .*\/deploys\/\w+$/.test(call) || published() === first) return undefined;
      netlify.onAnswer = async () => undefined;
      revert();
      return undefined;
    };
    const inputs = lay(site, "second");
    const second = await create(DEPLOY, inputs);
    expect(posts().at(-1)).toBe(`POST /sites/${site}/deploys/${second}/restore`);
    expect(published()).toBe(second);
    expect(await read(DEPLOY, second, inputs)).toEqual(inputs);

    revert();
    const seen = await read(DEPLOY, second, inputs);
    expect(seen).toEqual({ ...inputs, sha256: `(published is ${first})` });

    const locked = { id: site, published_deploy: { id: first, created_at: "", locked: true } };
    netlify.onCall = (call) => (call === `GET /sites/${site}` ? Response.json(locked) : undefined);
    await expect(create(DEPLOY, lay(site, "third"))).rejects.toThrow("locked to another one");
  }, 60_000);
});

describe("a site", () => {
  it("is taken over only where it is new and nothing is published on it", async () => {
    const site = await create(SITE, NAME);
    expect(await create(SITE, NAME, true)).toBe(site);
    const refusal = /^Netlify has a site acme-shop already/;

    // One of before, which another clone may need.
    const record = sites()[0];
    if (record === undefined) throw new Error("there is no site");
    netlify.records.sites.put(site, { ...record, createdAt: "2020-01-01T00:00:00.000Z" });
    await expect(create(SITE, NAME, true)).rejects.toThrow(refusal);
    netlify.onCall = (call) =>
      call === `POST ${SITES}` ? new Response(null, { status: 502 }) : undefined;
    await expect(create(SITE, NAME)).rejects.toThrow(refusal);

    netlify.onCall = () => undefined;
    netlify.records.sites.put(site, record);
    await create(DEPLOY, lay(site, "page"));
    await expect(create(SITE, NAME, true)).rejects.toThrow(refusal);
    expect(sites()).toHaveLength(1);
  }, 60_000);

  it.each([
    ["is broken", () => new Response("{", { status: 201 })],
    ["has no id", () => Response.json({}, { status: 201 })],
    ["has an id that leads elsewhere", () => Response.json({ id: "../other" }, { status: 201 })],
  ])(
    "is looked for when the answer %s, and again when a list does not show it yet",
    async (_, answer) => {
      let lists = 0;
      netlify.onAnswer = async (call) => {
        if (call === `POST ${SITES}`) return answer();
        if (call === `GET ${SITES}` && ++lists === 1) return Response.json([]);
        return undefined;
      };
      expect(await create(SITE, NAME)).toBe(sites()[0]?.id);
      expect([lists, posts()]).toEqual([2, [`POST ${SITES}`]]);
    },
  );

  it("is nobody's when Netlify shows none in the end, and no odd id gets into a path", async () => {
    once(`POST ${SITES}`, () => Response.json({ id: "a/b" }, { status: 201 }));
    netlify.onCall = (call) => (call === `GET ${SITES}` ? Response.json([]) : undefined);
    await expect(create(SITE, NAME)).rejects.toThrow("holds no id");
    expect(posts()).toHaveLength(1);
  }, 60_000);

  it("is made in the one team, or in the one that is named, and else in none", async () => {
    const slugs = ["first", "sandbox"];
    netlify.onCall = (call) =>
      call === "GET /accounts" ? Response.json(slugs.map((slug) => ({ slug }))) : undefined;
    await expect(create(SITE, NAME)).rejects.toThrow("NETLIFY_ACCOUNT_SLUG");
    const none = open({ NETLIFY_ACCOUNT_SLUG: "another" });
    await expect(none.create(SITE, NAME, false)).rejects.toThrow("no team");
    expect(netlify.calls).toEqual([]);
    await open({ NETLIFY_ACCOUNT_SLUG: "sandbox" }).create(SITE, NAME, false);
    await open({}, { accountSlug: "sandbox" }).create(SITE, { name: "other" }, false);
    expect(posts()).toEqual([`POST ${SITES}`, `POST ${SITES}`]);
  });
});

describe("a limit of calls", () => {
  it("is waited for as long as Netlify says, also before what makes something", async () => {
    let left = 6;
    netlify.onCall = (call) =>
      call === `POST ${SITES}` && left-- > 0
        ? new Response(null, { status: 429, headers: { "retry-after": "0" } })
        : undefined;
    await create(SITE, NAME);
    expect([posts().length, sites().length]).toEqual([7, 1]);
  }, 30_000);

  it("that is too far away is an error at once", async () => {
    netlify.onCall = (call) =>
      call === "GET /accounts"
        ? new Response(null, { status: 429, headers: { "retry-after": "3600" } })
        : undefined;
    await expect(create(SITE, NAME)).rejects.toThrow("GET /accounts was answered with 429");
  });

  it.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "Thu, 01 Jan 1970 00:01:03 GMT" }, 3_000],
    [{ "x-ratelimit-reset": "72" }, 12_000],
    [{ "x-ratelimit-reset": "3" }, 250],
    [{ "retry-after": "soon" }, 5_000],
    [{}, 5_000],
  ])("is read from %j", (headers, wanted) => {
    expect(readLimitWait(new Headers(headers as Record<string, string>), 60_000)).toBe(wanted);
  });
});

it("the removal of a store ends, whatever Netlify says", async () => {
  const siteId = await create(SITE, NAME);
  let calls = 0;
  netlify.onCall = (call) => {
    if (!call.startsWith("DELETE /blobs/")) return undefined;
    calls += 1;
    return Response.json({ blobs_deleted: 1, has_more: true });
  };
  const removed = open().remove(STORE, `${siteId}/media`, { siteId, name: "media" });
  await expect(removed).rejects.toThrow("after 1000 calls");
  expect(calls).toBe(1_000);
}, 60_000);
