import type { DemoFirm } from '../../kernel/demo.js';
import { ClientStatus } from './client.entity.js';
import { createClient } from './create-client.js';
import { fillWholeClientsDemo } from './whole-demo.js';

/** A household, a firm and one that may become a client; other modules find them by name. */
export async function fillClientsDemo(firm: DemoFirm): Promise<void> {
  const ctx = firm.as('claire.demo');
  await createClient(ctx, {
    name: 'Martin Lefèvre (démo)',
    email: 'martin.lefevre@demo.invalid',
    phone: '06 00 00 00 01',
    address: '4 impasse des Sources, 69004 Lyon',
    notes: 'Compteur dans la cave (démo)',
  });
  await createClient(ctx, {
    name: 'Résidence des Tilleuls (démo)',
    companyName: 'Syndic Durand et Fils (démo)',
    email: 'syndic@demo.invalid',
    phone: '04 00 00 00 02',
    address: '27 avenue des Tilleuls, 69100 Villeurbanne',
    contactName: 'Mme Durand (démo)',
  });
  await createClient(ctx, {
    name: 'Boulangerie du Canal (démo)',
    email: 'boulangerie@demo.invalid',
    address: '2 quai du Canal, 38000 Grenoble',
    status: ClientStatus.PROSPECT,
  });
  if (firm.isWhole) await fillWholeClientsDemo(firm);
}
