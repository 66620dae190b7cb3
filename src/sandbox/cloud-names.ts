/** Providers outside the catalogue, where an organisation makes accounts of its own: nothing answers at their provisioning endpoints. */
export const CLOUD_NAMES: readonly string[] = ["aws", "azure", "gcp"];
