import { textAt } from "../../../util/json-access.ts";
import { readFailure } from "../read-answers.ts";
import { readTime } from "../read-time.ts";
import { NEON_CAPABILITIES } from "./capabilities.ts";
import { createNeonApi, type NeonOptions } from "./neon-api.ts";
import { PROJECT_ID, readNeonCredential, writeNeonCredential } from "./neon-credential.ts";
import { createNeonMethods } from "./neon-database.ts";
import type { ClaimableVendor } from "./vendor.ts";

/** A PostgreSQL database for 72 hours, by an anonymous agent's registration (auth.md). */
export function createNeonVendor(options: NeonOptions): ClaimableVendor {
  const api = createNeonApi(options);
  return {
    id: "neon",
    capabilities: NEON_CAPABILITIES,
    lifeMs: 72 * 3_600_000,
    isRepeatable: false,
    async isHealthy() {
      const found = await api.send("GET", "/.well-known/oauth-protected-resource");
      return found.kind === "answer" && found.status === 200;
    },
    async make() {
      const body = JSON.stringify({
        ...{ type: "anonymous", capabilities: ["postgres"] },
        source: "supercargo",
      });
      const made = await api.send("POST", "/v1/agent/identity", { body });
      if (made.kind === "failure" || made.status >= 300) return readFailure(made);
      const assertion = textAt(made.body, ["identity_assertion"], /^[\x21-\x7e]{8,4096}$/);
      const project = textAt(made.body, ["project", "id"], PROJECT_ID);
      const until = readTime(textAt(made.body, ["project", "expires_at"]));
      if (assertion === undefined || project === undefined || until === undefined)
        return { kind: "unknown", code: "malformed" };
      const token = writeNeonCredential({ project, until: Date.parse(until), assertion });
      return { accountId: project, token, expiresAt: until, claimUntil: until };
    },
    async isGone(token) {
      const known = readNeonCredential(token);
      return known === undefined || (await api.exchange(known.assertion)).kind === "gone";
    },
    methods: createNeonMethods(api, options.now),
  };
}
