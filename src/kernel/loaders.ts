import type DataLoader from 'dataloader';
import type { SqlRunner } from '../db/sql-client.js';
import type { ApprovalLoaders } from '../modules/approvals/approval.loaders.js';
import type { BankingLoaders } from '../modules/banking/banking.loaders.js';
import type { IdentityLoaders } from '../modules/identity/identity.loaders.js';
import type { IntegrationLoaders } from '../modules/integrations/integration.loaders.js';
import type { InterventionLoaders } from '../modules/interventions/intervention.loaders.js';
import type { InvoiceLoaders } from '../modules/invoicing/invoice.loaders.js';
import type { PlanningLoaders } from '../modules/planning/planning.loaders.js';
import type { PluginLoaders } from '../modules/plugins/plugin.loaders.js';
import type { ReportLoaders } from '../modules/reports/report.loaders.js';
import type { SupplierInvoiceLoaders } from '../modules/supplier-invoices/supplier-invoice.loaders.js';
import type { Context } from './context.js';

/** What a loader may use of the request that it serves. */
export interface LoaderScope extends Pick<Context, 'db' | 'read' | 'services' | 'viewer'> {
  /** For statements of milliseconds, which leave in one piece with those of the plans. */
  shortReads: SqlRunner;
}

/** Makes one DataLoader for one request. */
export type LoaderFactory = (scope: LoaderScope) => DataLoader<never, unknown, never>;

/** A module's loaders by the name under which a resolver finds them: `ctx.load.<name>`. */
export type LoaderFactories = Readonly<Record<string, LoaderFactory>>;

/** From factories to the loaders that they make, as `Loaders` wants them. */
export type LoadersOf<F extends LoaderFactories> = { readonly [N in keyof F]: ReturnType<F[N]> };

/**
 * Batches for computed fields, fresh for each request; everything else is fetched by the reader's plans. Each is
 * declared in its module, once; this joins them for the compiler and `loadersFrom` at run time.
 */
export interface Loaders
  extends
    IdentityLoaders,
    ApprovalLoaders,
    BankingLoaders,
    InterventionLoaders,
    InvoiceLoaders,
    PlanningLoaders,
    PluginLoaders,
    ReportLoaders,
    SupplierInvoiceLoaders,
    IntegrationLoaders {}

/**
 * How to make the loaders of a request. Each is made when it is first used, so that a request without any pays nothing.
 */
export function loadersFrom(factories: LoaderFactories): (scope: LoaderScope) => Loaders {
  class RequestLoaders {
    readonly #scope: LoaderScope;
    readonly #made: Record<string, DataLoader<never, unknown, never>> = {};

    constructor(scope: LoaderScope) {
      this.#scope = scope;
    }

    loader(name: string, make: LoaderFactory): DataLoader<never, unknown, never> {
      return (this.#made[name] ??= make(this.#scope));
    }
  }
  for (const [name, make] of Object.entries(factories)) {
    Object.defineProperty(RequestLoaders.prototype, name, {
      get(this: RequestLoaders) {
        return this.loader(name, make);
      },
    });
  }
  return (scope) => new RequestLoaders(scope) as unknown as Loaders;
}
