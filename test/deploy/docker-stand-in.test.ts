import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { containerBody } from "../../src/deploy/stand-in-plugin/docker/container-body.ts";
import { createDockerStandIn } from "../../src/deploy/stand-in-plugin/docker/docker-stand-in.ts";

const CONTAINER = "docker:index/container:Container";
const standIn = createDockerStandIn("5.2.0");

describe("the stand-in for Docker's plugin", () => {
  it("knows from the package's own types what is required, what exists and what is text", () => {
    expect(standIn.check(CONTAINER, { image: "sha256:1", name: "a" })).toEqual([]);
    expect(standIn.check(CONTAINER, { name: 1, imgae: "x" })).toEqual([
      { property: "imgae", reason: "there is no such argument" },
      { property: "image", reason: "is required" },
      { property: "name", reason: "is not a string" },
    ]);
  });

  it("makes anew what differs, the old one first", () => {
    const inputs = { image: "sha256:1", envs: ["A=1"] };
    expect(standIn.diff(CONTAINER, inputs, { ...inputs })).toMatchObject({ changed: [] });
    expect(standIn.diff(CONTAINER, inputs, { ...inputs, envs: ["A=2"] })).toEqual({
      changed: ["envs"],
      replaces: ["envs"],
      deleteFirst: true,
    });
  });

  it("refuses what it does not serve", () => {
    const attempt = () => standIn.diff("docker:index/service:Service", {}, {});
    expect(attempt).toThrow("install the real plugin");
  });
});

describe("a host that is spoken to in clear", () => {
  afterEach(() => vi.unstubAllEnvs());
  beforeEach(() => {
    for (const name of ["DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"])
      vi.stubEnv(name, undefined);
  });
  const LOOPBACK = ["tcp://127.0.0.1:2375", "http://localhost:2375", "tcp://[::1]:2375"];

  it.each([...LOOPBACK, "unix:///run/docker.sock"])("may be %s", (host) => {
    expect(standIn.configure({ host })).toBeDefined();
  });

  it.each([
    "tcp://10.0.0.5:2375",
    "http://docker.example.com:2375",
    "tcp://[2001:4860::1]:2375",
    "tcp://127.0.0.1.example.com:2375",
    "http://0.0.0.0:2375",
  ])("is not %s", (host) => {
    const attempt = () => standIn.configure({ host });
    expect(attempt).toThrow(/is not this machine.* in clear: install the real plugin, or .*unix:/);
    vi.stubEnv("DOCKER_HOST", host);
    expect(() => standIn.configure({})).toThrow("is not this machine");
  });

  it.each(LOOPBACK)("is not %s where TLS is asked for", (host) => {
    for (const name of ["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"]) {
      vi.stubEnv(name, "1");
      expect(() => standIn.configure({ host })).toThrow(`${name} asks for TLS`);
      expect(standIn.configure({ host: "unix:///run/docker.sock" })).toBeDefined();
      vi.stubEnv(name, "");
    }
    expect(() => standIn.configure({ host, certPath: "/certs" })).toThrow("certPath asks for TLS");
  });
});

describe("without a host", () => {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.DOCKER_HOST;
    delete process.env.DOCKER_HOST;
  });
  afterEach(() => {
    if (before !== undefined) process.env.DOCKER_HOST = before;
  });

  it("starts nothing anywhere", () => {
    expect(standIn.configure({})).toBeUndefined();
    expect(() => standIn.configure({ host: "ssh://somewhere" })).toThrow("install the real plugin");
  });
});

it("inputs become the body of a container's creation", () => {
  expect(
    containerBody({
      image: "sha256:1",
      command: ["node", "/a.mjs"],
      envs: ["A=1"],
      volumes: [{ volumeName: "data", containerPath: "/data" }],
      ports: [{ internal: 80, external: 8080 }],
      healthcheck: { tests: ["CMD", "true"], interval: "2s", retries: 3 },
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      networksAdvanced: [{ name: "net" }],
      restart: "unless-stopped",
    }),
  ).toEqual({
    Image: "sha256:1",
    Cmd: ["node", "/a.mjs"],
    Env: ["A=1"],
    Healthcheck: { Test: ["CMD", "true"], Interval: 2e9, Retries: 3 },
    ExposedPorts: { "80/tcp": {} },
    HostConfig: {
      Binds: ["data:/data"],
      PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] },
      RestartPolicy: { Name: "unless-stopped", MaximumRetryCount: 0 },
      CapAdd: undefined,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
    },
    NetworkingConfig: { EndpointsConfig: { net: { Aliases: undefined } } },
  });
});
