import { isProperties } from "../property-names.ts";
import { callNetlify, type NetlifyConfig } from "./netlify-api.ts";

/** What a slug may be, for it goes into paths. */
const SLUG = /^[\w-]{1,100}$/;

/** The slug of the team that gets a new site, and its bill: the one that is named, or the only one. @throws when that is nobody's choice yet. */
export async function chooseAccount(config: NetlifyConfig): Promise<string> {
  const listed = await callNetlify(config, { method: "GET", path: "/accounts" });
  const slugs = (Array.isArray(listed) ? (listed as readonly unknown[]) : []).flatMap((one) =>
    isProperties(one) && typeof one.slug === "string" && SLUG.test(one.slug) ? [one.slug] : [],
  );
  const { account } = config;
  if (account !== undefined) {
    if (slugs.includes(account)) return account;
    throw new Error("the token's owner is in no team of Netlify's with the slug that is named");
  }
  const [only, ...others] = slugs;
  if (only === undefined) throw new Error("the token's owner is in no team of Netlify's");
  if (others.length > 0)
    throw new Error(
      "the token's owner is in several teams of Netlify's, and one of them would get the bill: name it by its slug in NETLIFY_ACCOUNT_SLUG, where NETLIFY_AUTH_TOKEN is, or as netlify:accountSlug in the stack's configuration",
    );
  return only;
}
