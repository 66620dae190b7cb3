export { AccessToken } from "./access-token.ts";
export { Account } from "./account.ts";
export { Domain } from "./domain.ts";
export { GeneratedSecret } from "./generated-secret.ts";
export { ipv6Subnet } from "./ipv6-subnet.ts";
export type { LeaseArgs, LeaseInput, LeaseResourceOptions } from "./lease-resource.ts";
export { PaymentToken } from "./payment-token.ts";
export { ServiceInstance } from "./service-instance.ts";
