/**
 * Where Pulumi's package for Google Cloud has a type of the provider's schema: module and class, which no rule makes of the type's name
 * (https://www.pulumi.com/registry/packages/gcp/api-docs/).
 */
export const GCP_CLASSES = {
  google_cloud_run_domain_mapping: "cloudrun.DomainMapping",
  google_cloud_run_v2_service_iam_member: "cloudrunv2.ServiceIamMember",
  google_cloud_scheduler_job: "cloudscheduler.Job",
  google_cloudfunctions2_function: "cloudfunctionsv2.Function",
  google_compute_global_address: "compute.GlobalAddress",
  google_compute_network: "compute.Network",
  google_compute_subnetwork: "compute.Subnetwork",
  google_project_service: "projects.Service",
  google_pubsub_subscription: "pubsub.Subscription",
  google_pubsub_subscription_iam_member: "pubsub.SubscriptionIAMMember",
  google_pubsub_topic: "pubsub.Topic",
  google_pubsub_topic_iam_member: "pubsub.TopicIAMMember",
  google_secret_manager_secret: "secretmanager.Secret",
  google_secret_manager_secret_iam_member: "secretmanager.SecretIamMember",
  google_secret_manager_secret_version: "secretmanager.SecretVersion",
  google_service_account: "serviceaccount.Account",
  google_service_networking_connection: "servicenetworking.Connection",
  google_sql_database: "sql.Database",
  google_sql_database_instance: "sql.DatabaseInstance",
  google_sql_user: "sql.User",
  google_storage_bucket: "storage.Bucket",
  google_storage_bucket_iam_member: "storage.BucketIAMMember",
  google_storage_bucket_object: "storage.BucketObject",
  google_storage_hmac_key: "storage.HmacKey",
} as const satisfies Readonly<Record<string, `${string}.${string}`>>;
