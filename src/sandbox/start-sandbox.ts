import { randomBytes } from "node:crypto";
import { handleAdmin } from "./admin.ts";
import { openBooks } from "./books.ts";
import { createCallCounts } from "./call-counts.ts";
import { createNeon } from "./claimable/create-neon.ts";
import { openHandedToken } from "./cloudflare/access/people.ts";
import { buildConnection } from "./connection.ts";
import type { SandboxContext, Surface } from "./context.ts";
import { createControlServer } from "./control-server.ts";
import { createContext } from "./create-context.ts";
import { createFaults } from "./faults.ts";
import { createAdyenSurface } from "./issuer/adyen-surface.ts";
import { createBraintreeSurface } from "./issuer/braintree-surface.ts";
import { createIssuer } from "./issuer/create-issuer.ts";
import { deriveIssuers } from "./issuer/derive-issuers.ts";
import { openInvoice } from "./issuer/open-invoice.ts";
import { createPaypalSurface } from "./issuer/paypal-surface.ts";
import { deriveKnownKeys } from "./known-keys.ts";
import { listen, probePort } from "./listen.ts";
import { loadServices } from "./load-services.ts";
import { openNetlifyToken } from "./netlify/netlify-token.ts";
import { openClouds } from "./open-clouds.ts";
import { openHome, type SandboxHome } from "./open-home.ts";
import { createOrchestrator } from "./orchestrator/create-orchestrator.ts";
import { deriveIdentities } from "./orchestrator/identities.ts";
import { createIdentityProvider } from "./orchestrator/oidc/create-identity-provider.ts";
import {
  deriveIdentityKeys,
  type IdentityKeys,
  PLATFORM_CLIENT,
} from "./orchestrator/oidc/identity-keys.ts";
import { createProviders } from "./providers/create-providers.ts";
import type { ProviderService } from "./providers/provider-service.ts";
import { writeSandboxFile } from "./sandbox-file.ts";
import { startVendors } from "./start-vendors.ts";
import { createStripeCli } from "./stripe-cli/create-stripe-cli.ts";
import { createStripeProvisioning } from "./stripe-provisioning/create-stripe-provisioning.ts";

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  readonly controlUrl: string;
  readonly appPort: number;
  readonly adminToken: string;
  /** Ends everything that it started; the state stays. Repeating is harmless. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Folder of the sandbox's state, made when absent (mode 0700). One sandbox at a time. */
  readonly home: string;
  /** The machine's clock, milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: (() => number) | undefined;
  /** Hexadecimal text of so many random bytes. Default: the operating system's randomness. */
  readonly random?: ((bytes: number) => string) | undefined;
  /** Default: those of the home's earlier sandbox, or free ones. */
  readonly ports?: { readonly control: number; readonly app: number } | undefined;
  /** What the providers sell. Default: the project's catalogue snapshot. */
  readonly services?: readonly ProviderService[] | undefined;
  /** Takes a line about a bug in the sandbox. Default: standard error. */
  readonly log?: ((line: string) => void) | undefined;
  /** The vendors with an API of their own. Default: Cloudflare's API over workerd. */
  readonly startVendors?: ((context: SandboxContext) => Promise<readonly Surface[]>) | undefined;
}

/** Undone in reverse order. */
type Closers = (() => Promise<void> | void)[];

/**
 * Starts the sandbox of a home in this process: one HTTP control port and one app port on 127.0.0.1, the same ones on every start.
 * Throws `SandboxError` when the home is in use or damaged, or a port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const random = options.random ?? ((bytes) => randomBytes(bytes).toString("hex"));
  const machineNow = options.clock ?? Date.now;
  const home = openHome(options.home, { machineNow, random });
  const closers: Closers = [() => home.close()];
  const close = async () => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const served = await serve({ ...options, random, clock: machineNow }, home, closers);
    return { ...served, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Options whose defaults were filled in. */
interface Settled extends SandboxOptions {
  readonly clock: () => number;
  readonly random: (bytes: number) => string;
}

async function serve(
  options: Settled,
  home: SandboxHome,
  closers: Closers,
): Promise<Omit<Sandbox, "close">> {
  const { store, clock, keyring, minted } = home;
  const faults = createFaults();
  const calls = createCallCounts(store);
  const dispatcher = Promise.withResolvers<(request: Request, url: URL) => Promise<Response>>();
  const server = createControlServer({
    faults,
    calls,
    dispatch: async (request, url) => (await dispatcher.promise)(request, url),
    log: options.log ?? ((line) => void process.stderr.write(`${line}\n`)),
  });
  const stopServer = () => {
    faults.clear();
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const earlierPort =
    home.earlier === undefined ? 0 : Number(new URL(home.earlier.controlUrl).port);
  const appPort = await probePort(options.ports?.app ?? home.earlier?.appPort ?? 0);
  const controlUrl = `http://127.0.0.1:${await listen(server, options.ports?.control ?? earlierPort)}`;
  closers.push(stopServer);

  const random = options.random;
  const folder = options.home;
  const context = createContext({
    folder,
    store,
    keyring,
    minted,
    now: clock.now,
    random,
    controlUrl,
    appPort,
  });
  const vendors = await (options.startVendors ?? startVendors)(context);
  for (const vendor of vendors) closers.push(() => vendor.close());
  const identityKeys = deriveIdentityKeys(keyring, controlUrl);
  const identityProvider = createIdentityProvider(context, {
    keys: identityKeys,
    isAudience: (audience) => audience.startsWith(`${controlUrl}/providers/`),
  });
  closers.push(() => identityProvider.close());
  const adminToken = keyring.deriveSecret("admin-token", "sba_");
  minted.record("sandbox admin token", adminToken);
  dispatcher.resolve(
    createDispatch(options, home, {
      ...{ context, vendors, faults, calls, adminToken, identityKeys, identityProvider },
    }),
  );

  const file = { version: 1, controlUrl, appPort, adminToken } as const;
  writeSandboxFile(options.home, { ...file, pid: process.pid });
  closers.push(() => writeSandboxFile(options.home, { ...file, pid: null }), stopServer);
  return { controlUrl, appPort, adminToken };
}

function createDispatch(
  options: Settled,
  home: SandboxHome,
  parts: {
    readonly context: SandboxContext;
    readonly vendors: readonly Surface[];
    readonly faults: ReturnType<typeof createFaults>;
    readonly calls: ReturnType<typeof createCallCounts>;
    readonly adminToken: string;
    readonly identityKeys: IdentityKeys;
    readonly identityProvider: Surface;
  },
): (request: Request, url: URL) => Promise<Response> {
  const { context, faults, calls, adminToken } = parts;
  const { keyring, minted, clock } = home;
  const services = options.services ?? loadServices();
  const providers = [...new Set(services.map((service) => service.provider))];
  const identities = deriveIdentities(keyring);
  const keys = deriveKnownKeys({ keyring, identities, providers });
  const { identityKeys } = parts;
  const { issuer, signingKey } = identityKeys;
  const trusted = { issuer, signingKey, clientId: PLATFORM_CLIENT };
  const machineNow = options.clock;
  for (const { id, signingSecret } of identities)
    minted.record(`${id} signing secret`, signingSecret);
  minted.record("stripe secret key", keys.issuerKey);
  const issuers = deriveIssuers(keyring, context.controlUrl, keys.issuerKey, providers);
  minted.record("adyen api key", issuers.adyen.apiKey);
  minted.record("braintree private key", issuers.braintree.privateKey);
  for (const token of Object.values(issuers.braintree.recipients))
    minted.record("braintree access token", token);
  minted.record("paypal client secret", issuers.paypal.clientSecret);
  openInvoice(context, issuers.invoice.reference);
  const { cardholder } = issuers["stripe-issuing"];
  const cliLogin = keyring.deriveSecret("stripe-cli", "rk_");
  minted.record("stripe cli login", cliLogin);
  const clouds = openClouds(context, { keyring, machineNow });

  const surfaces: readonly Surface[] = [
    ...parts.vendors,
    createProviders(context, { services, identities, machineNow, trusted }),
    parts.identityProvider,
    createOrchestrator(context, keys),
    createNeon(context),
    ...clouds.surfaces,
    createStripeProvisioning(context, { services, identities, ...keys }),
    ...identities
      .filter(({ id }) => id === "stripe-projects")
      .map((identity) =>
        createStripeCli(context, {
          ...{ identity, services, login: cliLogin, issuerKey: keys.issuerKey },
        }),
      ),
    // Before Stripe, which takes all of /v1.
    createPaypalSurface(context, issuers.paypal, keys.findCaller),
    createIssuer(context, { findCaller: keys.findCaller, faults, cardholder }),
    createAdyenSurface(context, { ...issuers.adyen, currency: "USD" }),
    createBraintreeSurface(context, issuers.braintree),
  ];
  const admin = {
    adminToken,
    clock,
    faults,
    openBooks: () => openBooks(context, { calls: calls.list(), surfaces }),
    connection: buildConnection(context, {
      ...{ identities, identityKeys, providers, issuers, services, cliLogin },
      ...{ ...openTokens(context), clouds: clouds.connection },
      connectedAccount: `acct_1${keyring.deriveId("connected-account", 15)}`,
    }),
    listSellers: keys.listSellers,
  };
  return async (request, url) => {
    const isAdmin = url.pathname.startsWith("/sandbox/");
    const own = isAdmin ? await handleAdmin(context, admin, request, url) : undefined;
    if (own !== undefined) return own;
    for (const surface of surfaces) {
      const answer = await surface.handle(request, url);
      if (answer !== undefined) return answer;
    }
    return Response.json({ error: "no such path" }, { status: 404 });
  };
}

/** Tokens that a person would have made by hand. */
function openTokens(context: SandboxContext) {
  return { handedToken: openHandedToken(context), netlifyToken: openNetlifyToken(context) };
}
