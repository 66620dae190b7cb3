import type { LoweredValue } from "../contract.ts";
import { type CreateNative, createNative } from "../create-native.ts";
import { ref } from "../lowered-values.ts";

/** The vendor's id, as in manifests and the price list. */
export const AZURE = "azure";
/** Name of the explicit provider of the native resources. */
export const PROVIDER_NAME = "azure.provider";
/** The one resource group, in which everything of the stack is. */
export const GROUP = "azure.resource-group";
/** The one App Service plan, on which every app and site of the stack runs. */
export const PLAN = "azure.plan";
/** Where everything is. No manifest can say it yet, and nothing of the machine's environment may: prices are those of this region. */
export const REGION = "eastus2";

/** In the stack's resource group. */
export const IN_GROUP: Readonly<Record<string, LoweredValue>> = {
  resource_group_name: ref(GROUP, "name"),
};

/** In the stack's resource group, and where that is. */
export const PLACED: Readonly<Record<string, LoweredValue>> = {
  ...IN_GROUP,
  location: ref(GROUP, "location"),
};

/** A resource of Azure. */
export const native: CreateNative = createNative(PROVIDER_NAME);
