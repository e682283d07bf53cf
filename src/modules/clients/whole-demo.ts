import type { DemoFirm } from '../../kernel/demo.js';
import { ClientStatus } from './client.entity.js';
import { createClient } from './create-client.js';

/** Name, street, town: those whom the whole firm also works for. */
const households = [
  ['Anne Perrin', '12 rue Mercière', '69002 Lyon'],
  ['Omar Belkacem', '8 cours Émile-Zola', '69100 Villeurbanne'],
  ['Jeanne Rolland', '31 rue de la République', '69600 Oullins'],
  ['Luc Tessier', '5 chemin du Moulin', '69340 Francheville'],
  ['Inès Carvalho', '19 avenue Jean-Jaurès', '69007 Lyon'],
  ['Marc Delorme', '2 place du Marché', '38200 Vienne'],
] as const;
const firms = [
  ['Hôtel des Deux Fleuves', 'SARL Deux Fleuves', '44 quai Rambaud', '69002 Lyon'],
  ['Clinique Saint-Jean', 'Groupe Saint-Jean', '30 rue Bataille', '69008 Lyon'],
  ['Piscine municipale', 'Ville de Bron', '1 place de Weingarten', '69500 Bron'],
  ['Atelier Rivoire', 'Rivoire SAS', '17 rue des Docks', '69009 Lyon'],
  ['Résidence Bellevue', 'Régie Foncière du Rhône', '60 montée de Choulans', '69005 Lyon'],
  ['Lycée du Parc', 'Région Auvergne-Rhône-Alpes', '1 boulevard Anatole-France', '69006 Lyon'],
] as const;

/** More households and firms, some of whom may yet become clients. */
export async function fillWholeClientsDemo({ as }: DemoFirm): Promise<void> {
  const ctx = as('claire.demo');
  for (const [index, [name, street, town]] of households.entries())
    await createClient(ctx, {
      name: `${name} (démo)`,
      email: `${name.split(' ').at(-1)?.toLowerCase()}@demo.invalid`,
      phone: `06 00 00 01 ${String(10 + index)}`,
      address: `${street}, ${town}`,
      ...(index === 5 && { status: ClientStatus.PROSPECT }),
    });
  for (const [index, [name, companyName, street, town]] of firms.entries())
    await createClient(ctx, {
      name: `${name} (démo)`,
      companyName: `${companyName} (démo)`,
      email: `contact${index + 1}@demo.invalid`,
      phone: `04 00 00 02 ${String(10 + index)}`,
      address: `${street}, ${town}`,
      contactName: 'Service technique (démo)',
    });
}
