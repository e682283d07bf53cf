import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import type { InvoiceOrder, InvoiceStatus, InvoiceType } from './operations.gen';

export interface InvoicesSearch {
  status?: InvoiceStatus;
  type?: InvoiceType;
  /** An invoice's number. */
  number?: string;
  sort?: InvoiceOrder;
}

const statuses = ['DRAFT', 'ISSUED', 'OVERDUE', 'PAID', 'CANCELLED'] as const;
const types = ['INVOICE', 'CREDIT_NOTE'] as const;
const orders = ['DUE_DATE_ASC', 'DUE_DATE_DESC', 'TOTAL_ASC', 'TOTAL_DESC', 'CREATED_AT_ASC'] as const;

const oneOf = <Value extends string>(values: readonly Value[], given: unknown): Value | undefined =>
  values.find((value) => value === given);

export const invoiceRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/invoices',
    validateSearch: ({ status, type, number, sort }: Record<string, unknown>): InvoicesSearch => ({
      status: oneOf(statuses, status),
      type: oneOf(types, type),
      number: typeof number === 'string' && number !== '' ? number : undefined,
      sort: oneOf(orders, sort),
    }),
    component: lazyRouteComponent(() => import('./invoices-page'), 'InvoicesPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/invoices/new',
    validateSearch: ({ client }: Record<string, unknown>): { client?: string } =>
      typeof client === 'string' ? { client } : {},
    component: lazyRouteComponent(() => import('./new-invoice-page'), 'NewInvoicePage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/invoices/$id',
    component: lazyRouteComponent(() => import('./invoice-page'), 'InvoicePage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/supplier-invoices',
    validateSearch: ({ state }: Record<string, unknown>): { state?: 'open' | 'paid' } => ({
      state: oneOf(['open', 'paid'] as const, state),
    }),
    component: lazyRouteComponent(() => import('./supplier-invoices-page'), 'SupplierInvoicesPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/supplier-invoices/$id',
    component: lazyRouteComponent(() => import('./supplier-invoice-page'), 'SupplierInvoicePage'),
  }),
] as const;
