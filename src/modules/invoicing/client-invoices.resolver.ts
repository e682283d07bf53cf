import { Args, FieldResolver, Resolver } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../kernel/connection.js';
import { Client } from '../clients/client.entity.js';
import type { Invoice } from './invoice.entity.js';
import { InvoiceConnection, InvoiceListArgs } from './invoice.inputs.js';

@Resolver(() => Client)
export class ClientInvoicesResolver {
  @FieldResolver(() => InvoiceConnection, {
    description: 'The invoices that name it as their buyer, as far as the viewer may see them.',
  })
  invoices(@Args(() => InvoiceListArgs) _args: ListArgs): Connection<Invoice> {
    return answeredByReader();
  }
}
