import type { Json } from "../../util/canonical-json.ts";
import type { Body } from "./body-fields.ts";

/** A part of an upload; the bytes are in the blob store under `blob`. */
export interface ModuleRecord {
  readonly name: string;
  readonly contentType: string;
  readonly blob: string;
}

/** Code, bindings and settings of a Worker, as one version of it. */
export interface ScriptContent {
  readonly etag: string;
  readonly format: "modules" | "script";
  /** The entry first; empty when the Worker is static files alone. */
  readonly modules: readonly ModuleRecord[];
  /** As they came, without the texts of secrets. */
  readonly bindings: readonly Body[];
  /** Name -> sealed text of a `secret_text` binding. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly compatibilityDate?: string | undefined;
  /** The date that workerd runs it with. */
  readonly runDate: string;
  readonly compatibilityFlags: readonly string[];
  readonly usageModel: string;
  readonly handlers: readonly string[];
  readonly namedHandlers: readonly string[];
  readonly assets?: AssetsRecord | undefined;
}

/** Static files of a script. */
export interface AssetsRecord {
  /** URL path -> hash in the account's assets. */
  readonly files: Readonly<Record<string, string>>;
  readonly config: Body;
}

/** A Workers script, which is also a Worker of the newer API. */
export interface ScriptRecord {
  readonly accountId: string;
  readonly name: string;
  /** The id of the script, 32 hexadecimal digits; also the id of the Worker. */
  readonly tag: string;
  readonly createdOn: string;
  readonly modifiedOn: string;
  /** Absent while a Worker has no deployed version. */
  readonly content?: ScriptContent | undefined;
  readonly logpush: boolean;
  readonly tags: readonly string[];
  readonly tailConsumers: Json;
  readonly observability?: Body | undefined;
  readonly placement?: Body | undefined;
  readonly isOnSubdomain: boolean;
  readonly hasPreviews: boolean;
  readonly schedules: readonly {
    readonly cron: string;
    readonly createdOn: string;
    readonly modifiedOn: string;
  }[];
}

/** A version of a Worker, deployed or not. */
export interface VersionRecord {
  readonly id: string;
  readonly accountId: string;
  readonly workerTag: string;
  readonly number: number;
  readonly createdOn: string;
  readonly annotations: Body;
  readonly content: ScriptContent;
}

/** Which versions serve. */
export interface DeploymentRecord {
  readonly id: string;
  readonly accountId: string;
  readonly scriptName: string;
  readonly createdOn: string;
  readonly strategy: string;
  readonly versions: readonly { readonly version_id: string; readonly percentage: number }[];
  readonly annotations: Body;
}

/** A manifest of static files that was announced. */
export interface AssetSessionRecord {
  readonly id: string;
  readonly accountId: string;
  readonly scriptName: string;
  /** URL path -> hash. */
  readonly files: Readonly<Record<string, string>>;
}

/** A static file of an account. */
export interface AssetRecord {
  readonly blob: string;
  readonly contentType?: string | undefined;
}
