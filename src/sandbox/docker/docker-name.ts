import { type DockerAnswer, refuse } from "./docker-route.ts";

const RULE = "[a-zA-Z0-9][a-zA-Z0-9_.-]";

/**
 * Docker's own rule for names (moby, `daemon/names`). Names become folders here, so whatever comes in by the API or from the state on disk is held to it: a
 * name has no slash and begins with no dot.
 */
export function isDockerName(name: unknown): name is string {
  return typeof name === "string" && /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name);
}

/** The 400 for a name that is none, in Docker's words. */
export function refuseName(what: "container" | "network" | "volume", name: unknown): DockerAnswer {
  const text = typeof name === "string" ? name : "";
  return refuse(
    400,
    what === "volume"
      ? `create ${text}: "${text}" includes invalid characters for a local volume name, only "${RULE}" are allowed. If you intended to pass a host directory, use absolute path`
      : `Invalid ${what} name (${text}), only ${RULE} are allowed`,
  );
}
