import type { Properties } from "../property-names.ts";
import type { CallDocker } from "./docker-api.ts";

/** What one type asks of the Docker Engine API. */
export interface DockerSpec {
  /** `isRepeated`: one of its name may be there from a run that died. */
  create(
    call: CallDocker,
    inputs: Properties,
    isRepeated: boolean,
  ): Promise<{ readonly id: string; readonly outs: Properties }>;
  /** Whether it is there as it should be; a 404 of the API means that it is not. */
  read(call: CallDocker, id: string, inputs: Properties): Promise<boolean>;
  remove(call: CallDocker, id: string, inputs: Properties): Promise<void>;
}
