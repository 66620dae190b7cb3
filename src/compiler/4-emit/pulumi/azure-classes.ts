/**
 * Where Pulumi's package for Azure has a type of the provider's schema: module and class, which no rule makes of the type's name
 * (https://www.pulumi.com/registry/packages/azure/api-docs/).
 */
export const AZURE_CLASSES = {
  azurerm_app_service_certificate_binding: "appservice.CertificateBinding",
  azurerm_app_service_custom_hostname_binding: "appservice.CustomHostnameBinding",
  azurerm_app_service_managed_certificate: "appservice.ManagedCertificate",
  azurerm_linux_web_app: "appservice.LinuxWebApp",
  azurerm_postgresql_flexible_server: "postgresql.FlexibleServer",
  azurerm_postgresql_flexible_server_database: "postgresql.FlexibleServerDatabase",
  azurerm_private_dns_zone: "privatedns.Zone",
  azurerm_private_dns_zone_virtual_network_link: "privatedns.ZoneVirtualNetworkLink",
  azurerm_resource_group: "core.ResourceGroup",
  azurerm_role_assignment: "authorization.Assignment",
  azurerm_service_plan: "appservice.ServicePlan",
  azurerm_storage_account: "storage.Account",
  azurerm_storage_container: "storage.Container",
  azurerm_subnet: "network.Subnet",
  azurerm_user_assigned_identity: "authorization.UserAssignedIdentity",
  azurerm_virtual_network: "network.VirtualNetwork",
} as const satisfies Readonly<Record<string, `${string}.${string}`>>;
