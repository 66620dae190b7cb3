import { describe, expect, test } from "vitest";
import { classifyAddress } from "../../src/util/network-address.ts";
import { readWebhookAddress } from "../../src/util/webhook-address.ts";

describe("an IP address leads", () => {
  test.each([
    ["loopback", ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"]],
    ["public", ["1.1.1.1", "93.184.215.14", "172.15.0.1", "172.32.0.1", "2606:4700:4700::1111"]],
    [
      "special",
      [
        ...["0.0.0.0", "10.0.0.1", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1"],
        ...["192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "fe80::1", "fd00::1"],
        ...["::ffff:10.0.0.1", "::ffff:1.1.1.1", "64:ff9b::a00:1", "2001:db8::1", "2002:a00:1::1"],
        ...["ff02::1", "fe80::1%eth0", "", "example.com", "1.1.1", "0x7f.1"],
      ],
    ],
  ] as const)("to %s", (place, addresses) => {
    for (const address of addresses) expect(classifyAddress(address), address).toBe(place);
  });
});

describe("an address of a webhook", () => {
  test.each([
    "https://hooks.example.com/a?b=c",
    "https://hooks.example.com:8443/",
    "https://93.184.215.14/",
    "https://[2606:4700:4700::1111]/",
  ])("%s is public", (url) => {
    expect(readWebhookAddress(url)).toMatchObject({ isLoopback: false });
  });

  test.each([
    "http://localhost:8080/",
    "http://127.0.0.1/",
    "https://[::1]/",
    "http://2130706433/",
  ])("%s is on this machine", (url) => {
    expect(readWebhookAddress(url)).toMatchObject({ isLoopback: true });
  });

  test.each([
    ...["http://example.com/", "ftp://example.com/", "example.com", "", "https://", "https://com/"],
    ...["https://u@example.com/", "https://u:p@example.com/", "https://example.com/#f"],
    ...[
      "https://10.0.0.1/",
      "https://0xa9fea9fe/",
      "https://[fe80::1]/",
      "https://[::ffff:10.0.0.1]/",
    ],
    ...["https://exa mple.com/", "https://example.com/\n", "HTTPS://example.com/"],
    ...[`https://example.com/${"a".repeat(2048)}`, "https://metadata.google.internal./"],
  ])("%j is refused", (url) => {
    expect(readWebhookAddress(url)).toBeUndefined();
  });
});
