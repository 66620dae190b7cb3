import type { ResourceKind } from "../compiler/vocabulary.ts";

/**
 * What goes with a resource: `data`, that nobody else has; nothing, because it is `remade` wholly from the manifest; a `secret` of ours; the `domain`, which
 * stays registered; a `power`, which only gets less; or `nothing`, because all share it and nothing of anybody's is in it.
 */
export type Holding = "data" | "remade" | "secret" | "domain" | "power" | "nothing";

/** What a type of a provider's schema is in the manifest's words. */
export interface TypeClass {
  readonly holds: Holding;
  /** Kinds whose resources become one; none for what is not of one kind. */
  readonly kinds: readonly ResourceKind[];
  /** The vendor's id; undefined for types of ours, which are of any provider. */
  readonly provider?: string | undefined;
}

const aws = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "aws" },
});
const azure = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "azure" },
});
const cloudflare = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "cloudflare" },
});
const container = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "container" },
});
const gcp = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "gcp" },
});
const netlify = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "netlify" },
});
const vercel = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({
  ...{ holds, kinds, provider: "vercel" },
});
const ours = (holds: Holding, ...kinds: readonly ResourceKind[]): TypeClass => ({ holds, kinds });

/** Every type that a vendor makes; a test holds it against them. */
const CLASSES: Readonly<Record<string, TypeClass>> = {
  aws_acm_certificate: aws("remade", "app", "site"),
  aws_acm_certificate_validation: aws("remade", "app", "site"),
  aws_apigatewayv2_api: aws("remade", "app"),
  aws_apigatewayv2_api_mapping: aws("remade", "app"),
  aws_apigatewayv2_domain_name: aws("remade", "app"),
  aws_apigatewayv2_integration: aws("remade", "app"),
  aws_apigatewayv2_route: aws("remade", "app"),
  aws_apigatewayv2_stage: aws("remade", "app"),
  aws_cloudfront_distribution: aws("remade", "site"),
  aws_cloudfront_function: aws("remade", "site"),
  aws_cloudfront_origin_access_control: aws("remade", "site"),
  aws_cloudwatch_log_group: aws("remade", "app"),
  aws_db_instance: aws("data", "database", "kv"),
  aws_db_subnet_group: aws("nothing"),
  aws_egress_only_internet_gateway: aws("nothing"),
  aws_iam_role: aws("remade", "app", "cron"),
  aws_iam_role_policy: aws("remade", "app", "cron"),
  aws_lambda_event_source_mapping: aws("remade", "app"),
  aws_lambda_function: aws("remade", "app"),
  aws_lambda_permission: aws("remade", "app"),
  aws_main_route_table_association: aws("nothing"),
  aws_route_table: aws("nothing"),
  aws_s3_bucket: aws("data", "bucket", "site"),
  aws_s3_bucket_policy: aws("remade", "site"),
  aws_s3_bucket_public_access_block: aws("remade", "bucket", "site"),
  aws_s3_object: aws("remade", "site"),
  aws_scheduler_schedule: aws("remade", "cron"),
  aws_security_group: aws("remade", "app", "database", "kv"),
  aws_sqs_queue: aws("data", "queue"),
  aws_subnet: aws("nothing"),
  aws_vpc: aws("nothing"),
  aws_vpc_security_group_egress_rule: aws("remade", "app"),
  aws_vpc_security_group_ingress_rule: aws("remade", "app"),
  azurerm_app_service_certificate_binding: azure("remade", "app", "site"),
  azurerm_app_service_custom_hostname_binding: azure("remade", "app", "site"),
  azurerm_app_service_managed_certificate: azure("remade", "app", "site"),
  azurerm_linux_web_app: azure("remade", "app", "site"),
  azurerm_postgresql_flexible_server: azure("data", "database", "kv", "queue"),
  azurerm_postgresql_flexible_server_database: azure("data", "database", "kv", "queue"),
  azurerm_private_dns_zone: azure("nothing"),
  azurerm_private_dns_zone_virtual_network_link: azure("nothing"),
  // The provider removes no group that holds anything.
  azurerm_resource_group: azure("nothing"),
  azurerm_role_assignment: azure("remade", "app"),
  azurerm_service_plan: azure("nothing"),
  azurerm_storage_account: azure("data", "bucket"),
  azurerm_storage_container: azure("data", "bucket"),
  azurerm_subnet: azure("nothing"),
  azurerm_user_assigned_identity: azure("remade", "app"),
  azurerm_virtual_network: azure("nothing"),
  cloudflare_d1_database: cloudflare("data", "database"),
  cloudflare_dns_record: cloudflare("remade", "dns"),
  cloudflare_queue: cloudflare("data", "queue"),
  cloudflare_queue_consumer: cloudflare("remade", "app"),
  cloudflare_r2_bucket: cloudflare("data", "bucket"),
  cloudflare_workers_cron_trigger: cloudflare("remade", "cron"),
  cloudflare_workers_custom_domain: cloudflare("remade", "app", "site"),
  cloudflare_workers_kv_namespace: cloudflare("data", "kv"),
  cloudflare_workers_route: cloudflare("remade", "app", "site"),
  cloudflare_workers_script: cloudflare("remade", "app", "site"),
  cloudflare_workers_script_subdomain: cloudflare("remade", "app", "site"),
  // What a container keeps is in its volumes.
  docker_container: container("remade", "app", "site"),
  docker_image: container("nothing"),
  docker_network: container("nothing"),
  docker_volume: container("data", "database", "bucket", "kv", "queue"),
  google_cloud_run_domain_mapping: gcp("remade", "app", "site"),
  google_cloud_run_v2_service_iam_member: gcp("remade", "app", "site"),
  google_cloud_scheduler_job: gcp("remade", "cron"),
  google_cloudfunctions2_function: gcp("remade", "app", "site"),
  google_compute_global_address: gcp("nothing"),
  google_compute_network: gcp("nothing"),
  google_compute_subnetwork: gcp("nothing"),
  // What is switched on stays on.
  google_project_service: gcp("nothing"),
  google_pubsub_subscription: gcp("data", "app", "queue"),
  google_pubsub_subscription_iam_member: gcp("remade", "app"),
  google_pubsub_topic: gcp("data", "queue"),
  google_pubsub_topic_iam_member: gcp("remade", "app"),
  // A copy of what is a secret of ours or made anew.
  google_secret_manager_secret: gcp("remade", "app"),
  google_secret_manager_secret_iam_member: gcp("remade", "app"),
  google_secret_manager_secret_version: gcp("remade", "app"),
  google_service_account: gcp("remade", "app", "site"),
  google_service_networking_connection: gcp("nothing"),
  google_sql_database: gcp("data", "database", "kv"),
  google_sql_database_instance: gcp("data", "database", "kv"),
  google_sql_user: gcp("remade", "database", "kv"),
  google_storage_bucket: gcp("data", "bucket"),
  google_storage_bucket_iam_member: gcp("remade", "app"),
  google_storage_bucket_object: gcp("remade", "app", "site"),
  google_storage_hmac_key: gcp("remade", "app"),
  netlify_blob_store: netlify("data", "bucket", "kv", "queue"),
  netlify_deploy: netlify("remade", "app", "site"),
  // Stores that are in it are resources of their own.
  netlify_site: netlify("remade", "app", "site"),
  supercargo_access_token: ours("power"),
  supercargo_account: ours("power"),
  supercargo_domain: ours("domain", "domain"),
  supercargo_payment_token: ours("power"),
  supercargo_secret: ours("secret", "secret"),
  supercargo_service_instance: ours("data", "service", "database", "kv"),
  vercel_blob_project_connection: vercel("remade", "app"),
  vercel_blob_store: vercel("data", "bucket"),
  vercel_deployment: vercel("remade", "app", "site"),
  vercel_project: vercel("remade", "app", "site"),
  vercel_project_domain: vercel("remade", "app", "site"),
  vercel_project_environment_variable: vercel("remade", "app"),
};

const UNKNOWN: TypeClass = { holds: "data", kinds: [] };

/** A type that is not known counts as data, of no known kind and provider: what restricts holds for it, and what permits only some does not. */
export function classifyType(schemaType: string): TypeClass {
  return Object.hasOwn(CLASSES, schemaType) ? (CLASSES[schemaType] ?? UNKNOWN) : UNKNOWN;
}
