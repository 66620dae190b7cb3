import type { LoweredReference, LoweredResource } from "../contract.ts";
import { ref } from "../lowered-values.ts";
import { native } from "./lowering.ts";

/** The APIs that a stack may need, and what Google calls them. */
const SERVICES = {
  "artifact-registry": "artifactregistry",
  "cloud-build": "cloudbuild",
  "cloud-functions": "cloudfunctions",
  "cloud-run": "run",
  "cloud-scheduler": "cloudscheduler",
  "cloud-sql": "sqladmin",
  compute: "compute",
  iam: "iam",
  pubsub: "pubsub",
  "secret-manager": "secretmanager",
  "service-networking": "servicenetworking",
  storage: "storage",
} as const;
type Api = keyof typeof SERVICES;

/** The API that must be on before a resource can be made. What is not here refers to something that is. */
const API_OF: Readonly<Record<string, Api>> = {
  google_cloud_scheduler_job: "cloud-scheduler",
  google_cloudfunctions2_function: "cloud-functions",
  google_compute_network: "compute",
  google_pubsub_topic: "pubsub",
  google_secret_manager_secret: "secret-manager",
  google_service_account: "iam",
  google_service_networking_connection: "service-networking",
  google_sql_database_instance: "cloud-sql",
  google_storage_bucket: "storage",
  google_storage_hmac_key: "storage",
};

/** What an API needs itself: a function is built, its image is kept, and Cloud Run runs it. */
const NEEDS: Readonly<Partial<Record<Api, readonly Api[]>>> = {
  "cloud-functions": ["artifact-registry", "cloud-build", "cloud-run"],
};

/** Adds to resources the APIs that they need, which a new project has not on. */
export function withApis(resources: readonly LoweredResource[]): readonly LoweredResource[] {
  const used = new Set(resources.flatMap(({ type }) => API_OF[type] ?? []));
  const needed = [...used].flatMap((api) => NEEDS[api] ?? []);
  const all = [...new Set([...needed, ...used])].sort();
  return [
    ...all.map(lowerApi),
    ...resources.map((resource) => {
      const api = API_OF[resource.type];
      // The name of a bucket refers to its API already.
      if (api === undefined || resource.type === "google_storage_bucket") return resource;
      return { ...resource, dependsOn: [apiName(api), ...(resource.dependsOn ?? [])] };
    }),
  ];
}

/** The project's id, which nobody else has and which is therefore good for names that nobody else may have. Known where there is a bucket. */
export function projectId(): LoweredReference {
  return ref(apiName("storage"), "project");
}

/** An API stays on when the stack goes: others in the project may use it. */
function lowerApi(api: Api): LoweredResource {
  return native(
    apiName(api),
    undefined,
    "google_project_service",
    { service: `${SERVICES[api]}.googleapis.com`, disable_on_destroy: false },
    (NEEDS[api] ?? []).map(apiName),
  );
}

function apiName(api: Api): string {
  return `gcp.api-${api}`;
}
