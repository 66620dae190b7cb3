import { sha256 } from "../../util/sha256.ts";

/** Resource to which a permission group applies. */
export type PermissionScope = "account" | "zone" | "user";

/** A permission group, the unit of rights in a token (Fundamentals docs, "API token permissions"). */
export interface PermissionGroup {
  readonly id: string;
  readonly name: string;
  readonly scope: PermissionScope;
}

/** Names with the ids that `GET .../tokens/permission_groups` gives out; a group without a known id gets a stable one from its name. */
const GROUPS = {
  account: {
    "Account API Tokens Read": "eb56a6953c034b9d97dd838155666f06",
    "Account API Tokens Write": "5bc3f8b21c554832afc660159ab75fa4",
    "Account Analytics Read": "b89a480218d04ceb98b4fe57ca29dc1f",
    "Account Settings Read": "c1fde68c7bcc44588cbb6ddbc16d6480",
    "Account Settings Write": "1af1fa2adc104452b74a9a3364202f20",
    "Billing Read": "7cf72faf220841aabcfdfab81c43c4f6",
    "Billing Write": "6c80e02421494afc9ae14414ed442632",
    "D1 Read": "192192df92ee43ac90f2aeeffce67e35",
    "D1 Write": "09b2857d1c31407795e75e3fed8617a1",
    "Notifications Read": "ce18edbdcebf465e9d6d1d2fc80ffd42",
    "Notifications Write": "c3c847c5802d4ce3ba00e3e97b3c8555",
    "Pages Read": "e247aedd66bd41cc9193af0213416666",
    "Pages Write": "8d28297797f24fb8a0c332fe0866ec89",
    "Queues Read": "84a7755d54c646ca87cd50682a34bf7c",
    "Queues Write": "366f57075ffc42689627bcf8242a1b6d",
    "Registrar Domains Read": "9bb90620717647a39679e1d951f140d6",
    "Registrar Domains Write": undefined,
    "Secrets Store Read": "5e33b7d77788455c9fdf18cbd38ee5a0",
    "Secrets Store Write": "adc8fa2bc6124928a8b3314dc63a1235",
    "Vectorize Read": "1799edaae5db489294430e20d9b519e0",
    "Vectorize Write": "64156ba5be47441096c83c7fc17c488b",
    "Workers AI Read": "a92d2450e05d4e7bb7d0a64968f83d11",
    "Workers AI Write": "bacc64e0f6c34fc0883a1223f938a104",
    "Workers KV Storage Read": "8b47d2786a534c08a1f94ee8f9f599ef",
    "Workers KV Storage Write": "f7f0eda5697f475c90846e879bab8666",
    "Workers Observability Read": "66c1ed49f4ed46098b75696a6d4ee3c9",
    "Workers Observability Write": "82c075da3f4647a2a03becd0fe240f8a",
    "Workers R2 Storage Read": "b4992e1108244f5d8bfbd5744320c2e1",
    "Workers R2 Storage Write": "bf7481a1826f439697cb59a20b22293e",
    "Workers Scripts Read": "1a71c399035b4950a1bd1466bbe4f420",
    "Workers Scripts Write": "e086da7e2179491d91ee5f35b3ca210a",
    "Workers Tail Read": "05880cd1bdc24d8bae0be2136972816b",
  },
  zone: {
    "Analytics Read": "9c88f9c5bce24ce7af9a958ba9c504db",
    "Cache Purge": "e17beae8b8cb423a99b1730f21238bed",
    "DNS Read": "82e64a83756745bbbb1c9c2701bf816b",
    "DNS Write": "4755a26eedb94da69e1066d98aa820be",
    "Page Rules Read": "b415b70a4fd1412886f164451f20405c",
    "Page Rules Write": "ed07f6c337da4195b4e72a1fb2c6bcae",
    "SSL and Certificates Read": "7b7216b327b04b8fbc8f524e1f9b7531",
    "SSL and Certificates Write": "c03055bc037c4ea9afb9a9f104b7b721",
    "Workers Routes Read": "2072033d694d415a936eaeb94e6405b8",
    "Workers Routes Write": "28f4b596e7d643029c524985477ae49a",
    "Zone Read": "c8fed203ed3043cba015a93ad1616f1f",
    "Zone Settings Read": "517b21aee92c4d89936c976ba6e4be55",
    "Zone Settings Write": "3030687196b94b638145a3953da2b699",
    "Zone Write": "e6d2666161e84845a636613608cee8d5",
  },
  user: {
    "API Tokens Read": "0cc3a61731504c89b99ec1be78b77aa0",
    "API Tokens Write": "686d18d5ac6c441c867cbf6771e58a0a",
    "Memberships Read": undefined,
    "Memberships Write": undefined,
    "User Details Read": "8acbe5bb0d54464ab867149d7f7cf8ac",
    "User Details Write": undefined,
  },
} as const;

/** Name of a group that an endpoint may ask for. */
export type PermissionName =
  | keyof (typeof GROUPS)["account"]
  | keyof (typeof GROUPS)["zone"]
  | keyof (typeof GROUPS)["user"];

/** All groups, sorted by name as the API lists them. */
export const PERMISSION_GROUPS: readonly PermissionGroup[] = Object.entries(GROUPS)
  .flatMap(([scope, groups]) =>
    Object.entries(groups).map(([name, id]) => ({
      id: id ?? sha256(`permission group ${name}`).slice(0, 32),
      name,
      scope: scope as PermissionScope,
    })),
  )
  .sort((left, right) => (left.name < right.name ? -1 : 1));

const BY_NAME = new Map(PERMISSION_GROUPS.map((group) => [group.name, group]));
const BY_ID = new Map(PERMISSION_GROUPS.map((group) => [group.id, group]));

/** The group of a name that an endpoint asks for. */
export function permissionGroup(name: PermissionName): PermissionGroup {
  const group = BY_NAME.get(name);
  if (group === undefined) throw new Error(`no permission group ${name}`);
  return group;
}

/** The group of an id, undefined when there is none. */
export function findPermissionGroup(id: string): PermissionGroup | undefined {
  return BY_ID.get(id);
}

const SCOPES: Readonly<Record<PermissionScope, string>> = {
  account: "com.cloudflare.api.account",
  zone: "com.cloudflare.api.account.zone",
  user: "com.cloudflare.api.user",
};

/** The group as the API prints it. */
export function printPermissionGroup({ id, name, scope }: PermissionGroup): object {
  return { id, name, scopes: [SCOPES[scope]] };
}
