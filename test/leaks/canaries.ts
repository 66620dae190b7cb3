type RandomBytes = (count: number) => Buffer;

const letters =
  (prefix: string, bytes: number) =>
  (random: RandomBytes): string =>
    `${prefix}${random(bytes).toString("base64url").replace(/[-_]/g, "x")}`;
const hex =
  (prefix: string, bytes: number) =>
  (random: RandomBytes): string =>
    `${prefix}${random(bytes).toString("hex")}`;
const base64 = (random: RandomBytes, bytes: number): string => random(bytes).toString("base64");

/**
 * Secrets of every kind that passes through a stack, in the forms in which they are handed out: with prefixes, slashes, plus signs, dots, quotes and line
 * ends, which each encoding treats in its own way. None was ever valid.
 */
export const CANARIES: Readonly<Record<string, (random: RandomBytes) => string>> = {
  "Cloudflare API token": letters("canary-cf_", 30),
  "Cloudflare global key": hex("", 19),
  "Stripe live secret key": letters("canary_sk_live_", 24),
  "Stripe restricted key": letters("canary_rk_live_", 24),
  "Stripe webhook secret": letters("canary_whsec_", 24),
  "shared payment token": letters("canary_spt_", 18),
  "OAuth access token": letters("canary-oat-", 32),
  "OAuth refresh token": letters("canary-ort-", 48),
  "OAuth authorisation code": letters("canary-code-", 16),
  "PKCE verifier": letters("", 32),
  "JSON Web Token": (random) =>
    [random(24), random(60), random(32)].map((part) => part.toString("base64url")).join("."),
  "account request": letters("canary-areq-", 20),
  "broker ticket": letters("", 32),
  "session key of an app": (random) => base64(random, 32),
  "database address with password": (random) =>
    `postgres://app:${random(18).toString("hex")}@db.example:5432/shop?sslmode=require`,
  "Redis address with password": (random) => `rediss://:${random(20).toString("hex")}@cache:6380/0`,
  "mail service key": letters("canary_re_", 22),
  "S3 access key": (random) => `CANARY${random(12).toString("hex").toUpperCase()}`,
  "S3 secret key": (random) => `${base64(random, 28)}/+${base64(random, 3)}`,
  "keystore key": hex("", 32),
  "signing key of the log": (random) =>
    `PRIVATE+KEY+canary+${random(4).toString("hex")}+${base64(random, 33)}`,
  "private key in PEM": (random) =>
    `-----BEGIN CANARY KEY-----\n${base64(random, 48)}\n${base64(random, 36)}\n-----END CANARY KEY-----`,
  "passphrase of a state": (random) =>
    `pass "${random(9).toString("hex")}" \\ phrase ${random(6).toString("hex")}`,
  "passphrase with letters beyond ASCII": (random) =>
    `schlüssel-${random(14).toString("hex")}-ключ`,
  "sandbox admin token": hex("canary-admin-", 20),
  "mail password": (random) =>
    `p@ss:${random(12).toString("hex")}&w0rd=%41#${random(4).toString("hex")}`,
};
