import type { DemoFirm } from '../../kernel/demo.js';
import { createEndpoint } from './create-endpoint.js';

/** A webhook of the whole firm that is switched off, to an address that nobody can have (RFC 2606): nothing is sent. */
export async function fillWebhooksDemo({ as, isWhole }: DemoFirm): Promise<void> {
  if (!isWhole) return;
  await createEndpoint(as('claire.demo'), {
    name: 'Logiciel comptable (démo)',
    description: 'Désactivé : l’adresse est inventée, rien ne lui est envoyé.',
    url: 'https://comptabilite.demo.invalid/passerelle',
    events: ['invoice.*', 'payment.*'],
    isActive: false,
  });
}
