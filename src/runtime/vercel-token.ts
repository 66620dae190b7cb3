import { AsyncLocalStorage } from "node:async_hooks";

/**
 * The token that Vercel gave with the call under way, by which its services know the project (Vercel docs, "OpenID Connect (OIDC) Federation"): each call brings its own, and
 * what it left to `waitUntil` keeps it.
 */
export const vercelToken: AsyncLocalStorage<string | null> = new AsyncLocalStorage();
