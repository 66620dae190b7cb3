import { type CreateNative, createNative } from "../create-native.ts";

/** The vendor's id, as in manifests, price list and generated code. Its types in the provider's schema begin with `google_`. */
export const GCP = "gcp";
/** Name of the explicit provider of the native resources. */
export const PROVIDER_NAME = "gcp.provider";
/** Where everything is. No manifest can say it yet, and nothing of the machine's environment may: prices are those of this region. */
export const REGION = "us-central1";

/** A resource of Google Cloud. */
export const native: CreateNative = createNative(PROVIDER_NAME);
