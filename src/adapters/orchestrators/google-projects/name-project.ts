import { sha256 } from "../../../util/sha256.ts";
import type { AccountRequest } from "../contract.ts";

/** What one request calls its project, and nothing else does. */
export interface ProjectNames {
  /** One for each project in the world, for ever. */
  readonly projectId: string;
  readonly displayName: string;
  /** Say whose it is. */
  readonly labels: {
    readonly "supercargo-request": string;
    readonly "supercargo-principal": string;
    readonly "supercargo-project": string;
  };
}

/** Characters of the request's own part of an id, of which there are 30 in all, and of what stands before it. */
const DIGEST = 19;
const SLUG = 10;
/** Words that no id may hold ("Creating and managing projects"). */
const FORBIDDEN = /google|null|undefined|ssl/;

/** Derives all of it from the request, so that its project is found again by whoever repeats it, with nothing remembered. */
export function nameProject({
  requestId,
  email,
  name,
}: Pick<AccountRequest, "requestId" | "email" | "name">): ProjectNames {
  const digest = sha256(JSON.stringify(["google-project", requestId, email.toLowerCase()]));
  const plain = name.toLowerCase().replace(/[^a-z0-9-]+/g, "");
  const slug = plain.slice(0, SLUG).replace(/-+$/, "");
  const isFit = /^[a-z]/.test(slug) && !FORBIDDEN.test(slug);
  const shown = name.replace(/[^A-Za-z0-9 -]/g, "").slice(0, 20);
  return {
    projectId: `${isFit ? slug : "stack"}-${digest.slice(0, DIGEST)}`,
    displayName: `${shown}-${digest.slice(0, 8)}`.replace(/^-/, ""),
    labels: {
      "supercargo-request": digest.slice(0, 40),
      "supercargo-principal": sha256(email.toLowerCase()).slice(0, 40),
      "supercargo-project": /^[a-z0-9_-]{1,63}$/.test(name) ? name : sha256(name).slice(0, 40),
    },
  };
}
