import type { Properties } from "../property-names.ts";
import type { NetlifyConfig } from "./netlify-api.ts";

/** What one type asks of Netlify's API. Inputs are as in the class, camelCase. */
export interface NetlifySpec {
  /** `isRepeated`: one of its name may be there from a run that died, and is then taken over. */
  create(config: NetlifyConfig, inputs: Properties, isRepeated: boolean): Promise<string>;
  /** The inputs as they are seen at Netlify; a 404 of the API means that it is gone. */
  read(config: NetlifyConfig, id: string, inputs: Properties): Promise<Properties>;
  /** Absent where every change makes a new one. */
  update?(config: NetlifyConfig, id: string, inputs: Properties): Promise<void>;
  /** Absent where it goes with something else. */
  remove?(config: NetlifyConfig, id: string, inputs: Properties): Promise<void>;
}
