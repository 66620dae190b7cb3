/** Why a sandbox could not be started, found or used. `message` is for people and holds no secret. */
export class SandboxError extends Error {
  readonly code: "home-in-use" | "port-busy" | "start-failed" | "damaged-home";

  constructor(code: SandboxError["code"], message: string) {
    super(message);
    this.name = "SandboxError";
    this.code = code;
  }
}
