import type { ApplyingEngineId } from "../compiler/vocabulary.ts";
import type { EngineDriver } from "./engine-driver.ts";

/** The driver of an engine, loaded when it is needed. */
export async function loadDriver(id: ApplyingEngineId): Promise<EngineDriver> {
  switch (id) {
    case "pulumi":
      return (await import("./pulumi-driver.ts")).pulumiDriver;
    case "opentofu":
      return (await import("./opentofu/run-opentofu.ts")).opentofuDriver;
  }
}
