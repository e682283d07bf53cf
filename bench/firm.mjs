/**
 * A made-up firm of any size, the same at every run: people, correspondents, tags, documents with text, approvals, shares.
 *
 *   people      `person1` to `person200`, numbered from 1001; the first hundred have the role `user`, the others `lecteur`
 *   documents   `person1` owns `owned` of them, spread over the years, the others share the rest; everyone is shown 20 of the next person
 *   text        20 to 100 words; every fifth document says « facture », one in a hundred « amarrage », 40 in all « bathyscaphe »
 *   approvals   of every second document, decided: by the next person, whom the owner may know, or by a stranger
 */
import { hash } from '@node-rs/argon2';
import pg from 'pg';

export const people = 200;
export const password = 'Passerelle-banc-2026!';
/** Number of the account of `person<n>`. */
export const idOfPerson = (n) => 1000 + n;

const words =
  `contrat avenant échéance paiement règlement relevé compte banque virement prélèvement assurance sinistre garantie loyer charges copropriété
  syndic travaux étanchéité toiture devis acompte solde commande livraison fournisseur client société gérant associé bilan exercice cotisation salaire
  employeur congé maladie médecin hôpital école mairie impôt taxe foncière déclaration préfecture véhicule entretien réparation chauffage électricité gaz
  eau fuite plombier dégât expertise rapport mission conseil honoraires avocat notaire acte vente achat crédit intérêt capital remboursement caution dépôt
  état lieux entrée sortie résiliation préavis courrier recommandé accusé réception rappel relance mise demeure procédure tribunal audience jugement`.split(
    /\s+/,
  );
const quoted = `'{${words.join(',')}}'::text[]`;
const word = (hashed) => `w[1 + abs(${hashed} % ${words.length})]`;

/**
 * Fills an empty database that has our schema, over two connections of a superuser: triggers and foreign keys are off meanwhile,
 * the indexes are made afterwards, and what triggers would compute is computed here.
 *
 * @param url where
 * @param options see `fillOver`
 */
export async function fillFirm(url, options) {
  const clients = [0, 1].map(() => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  await fillOver(clients, options).finally(() => Promise.all(clients.map((client) => client.end())));
}

/**
 * The same over connections of one's own, which only have to know `query(text, values)`.
 *
 * @param documents how many, at least 1,000
 * @param owned how many of them `person1` owns
 * @param log told how far it is
 */
export async function fillOver(clients, { documents, owned = Math.floor(documents / people), log }) {
  const [client] = clients;
  for (const each of clients) {
    for (const setting of [
      'session_replication_role = replica',
      'synchronous_commit = off',
      `maintenance_work_mem = '256MB'`,
      `timezone = 'UTC'`,
    ])
      await each.query(`set ${setting}`);
  }
  await fillPeople(client);
  const indexes = await dropIndexes(client, [
    'documents',
    'document_tags',
    'document_shares',
    'approvals',
    'approval_history',
  ]);
  const step = Math.floor(documents / owned);
  const batch = 10_000;
  let filled = 0;
  const starts = Array.from({ length: Math.ceil(documents / batch) }, (_, n) => 1 + n * batch);
  await Promise.all(
    clients.map(async (each) => {
      for (let first = starts.shift(); first; first = starts.shift()) {
        const last = Math.min(documents, first + batch - 1);
        await each.query(insertDocuments({ documents, step, first, last }));
        filled += last - first + 1;
        log(`${filled.toLocaleString('en')} of ${documents.toLocaleString('en')} documents`);
      }
    }),
  );
  await client.query('insert into document_tags select id, unnest(tag_ids) from documents');
  await fillApprovals(client);
  log('indexes');
  await Promise.all(
    clients.map(async (each) => {
      for (let index = indexes.shift(); index; index = indexes.shift()) await each.query(index);
    }),
  );
  await client.query(`insert into document_shares select s.id, p.id from users p, lateral (
    select id from documents where owner_id = ${idOfPerson(1)} + (p.id - ${idOfPerson(1)} + 1) % ${people} order by created_at desc limit 20) s where p.username like 'person%'`);
  await client.query(`update documents d set shared_with = s.users
    from (select document_id, array_agg(user_id order by user_id) as users from document_shares group by 1) s where s.document_id = d.id`);
  for (const table of ['users', 'correspondents', 'tags', 'documents', 'approval_history']) {
    await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`);
  }
  await client.query('vacuum analyze');
}

async function fillPeople(client) {
  await client.query(
    `insert into users (id, username, email, first_name, last_name, password_hash)
    select ${idOfPerson(0)} + n, 'person' || n, 'person' || n || '@example.org', initcap(${word('hashint4(n)')}), initcap(${word('hashint4(-n)')}), $1
    from generate_series(1, ${people}) n, (select ${quoted} as w) v`,
    [await hash(password)],
  );
  await client.query(`insert into role_assignments (user_id, role_id) select u.id, r.id from users u join roles r on r.name = case when u.id <= ${idOfPerson(people / 2)} then 'user' else 'lecteur' end
    where u.username like 'person%'`);
  await client.query(`insert into correspondents (id, name) select n, (array['Électricité', 'Assurance', 'Banque', 'Cabinet', 'Mairie'])[1 + n % 5] || ' ' || initcap(${word('n')}) || ' ' || n
    from generate_series(1, ${people * 10}) n, (select ${quoted} as w) v`);
  await client.query(
    `insert into tags (id, name, color) select n, initcap(${word('n')}) || ' ' || n, '#' || lpad(to_hex(n * 65793), 6, '0') from generate_series(1, 50) n, (select ${quoted} as w) v`,
  );
}

/** Each person has ten correspondents and files with each of them documents of all five types. */
const insertDocuments = ({ documents, step, first, last }) => `
  insert into documents (id, title, filename, original_filename, content_key, content_hash, file_size, mime_type, page_count, content, text_status, document_type_id, correspondent_id, owner_id,
    document_date, amount, currency, created_at, updated_at, tag_ids, search_names)
  select d.id, d.title, d.id || '.pdf', d.original, 'bench', lpad(to_hex(d.id), 64, '0'), 1000 + d.id, 'application/pdf', 1 + d.id % 9, d.content, 'extracted', d.type, c.id, d.owner,
    date '2020-01-01' + d.id % 2200, (d.id % 5000) * 1.11, 'EUR', d.filed, d.filed, d.tag_ids,
    search_names(d.title, d.original, c.name, (select string_agg(g.name, ' ' order by g.id) from tags g where g.id = any (d.tag_ids)))
  from (
    select i as id, o.owner, 1 + i / ${step} % 5 as type, (o.owner - ${idOfPerson(1)}) * 10 + 1 + i / ${step} / 5 % 10 as correspondent,
      case when i % 10 = 0 then 'Facture' else initcap(${word('(i::bigint * 7)')}) end || ' ' || ${word('(i::bigint * 13)')} || ' ' || (2020 + i % 7) || '-' || i as title,
      'scan_' || i || '.pdf' as original,
      (select string_agg(${word('hashint4(i * 101 + k)')}, ' ') from generate_series(1, 20 + i % 80) k)
        || case when i % 10 = 5 then ' facture n°FR-2026-' || i else '' end
        || case when i % 100 = 7 then ' l''amarrage' else '' end
        || case when i % ${Math.floor(documents / 40)} = 3 then ' bathyscaphe' else '' end as content,
      array(select distinct 1 + (i::bigint * k * 31) % 50 from generate_series(1, i % 5) k order by 1)::int[] as tag_ids,
      timestamptz '2020-01-01Z' + i * interval '${Math.floor(190_000_000 / documents)} seconds' as filed
    from generate_series(${first}, ${last}) i, (select ${quoted} as w) v,
      lateral (select ${idOfPerson(1)} + case when (i + i / ${step}) % ${step} = 0 then 0 else 1 + (i + i / ${people}) % ${people - 1} end as owner) o
  ) d join correspondents c on c.id = d.correspondent`;

async function fillApprovals(client) {
  await client.query(`insert into approvals (id, status, rule_id, level, amount, currency, document_type_id, content_hash, submitted_by_id, submitted_at, decided_by_id, decided_role, decided_at, comment)
    select id, case when id % 3 = 0 then 'rejected' else 'approved' end, (select max(id) from approval_rules), 1 + id % 3, amount, currency, document_type_id, content_hash, owner_id, created_at + interval '1 hour',
      ${idOfPerson(1)} + (owner_id - ${idOfPerson(1)} + case when id % 4 < 2 then 1 else 50 end) % ${people}, 'VALIDATOR_L1', created_at + interval '2 days', case when id % 3 = 0 then 'Montant inexact' end
    from documents where (id + id / ${people}) % 2 = 0`);
  await client.query(`insert into approval_history (approval_id, action, from_status, to_status, level, performed_by_id, role, comment, created_at)
    select a.id, s.action, s.from_status, s.to_status, a.level, s.by, s.role, s.comment, s.at
    from approvals a, lateral (values
      (1, 'submitted', null, 'pending', a.submitted_by_id, null, null, a.submitted_at),
      (2, 'commented', 'pending', 'pending', a.decided_by_id, null, 'Vu', a.submitted_at + interval '1 day'),
      (3, a.status, 'pending', a.status, a.decided_by_id, a.decided_role, a.comment, a.decided_at)) s (n, action, from_status, to_status, by, role, comment, at)
    where s.n <> 2 or a.id % 3 = 0 order by a.id, s.n`);
}

/** Drops what no constraint needs and answers the statements that make it again. */
async function dropIndexes(client, tables) {
  const { rows } = await client.query(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i where i.indrelid = any ($1::text[]::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}
