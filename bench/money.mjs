/**
 * Made-up money, the same at every run: four bank accounts for each person and transactions over the last six years, all until today.
 *
 *   person1     owns `owned` of the transactions; person2 as many, all of them in this year; the others share the rest
 *   categories  eleven of twelve transactions are expenses, in all global categories; one of thirty is split in two
 *   transfers   one for every hundred transactions, between a person's first two accounts
 */
import { idOfPerson } from './firm.mjs';

const accountsEach = 4;

/**
 * Fills the tables of a database that has our schema and the people of `fillFirm`.
 *
 * @param client a connection of a superuser, which only has to know `query(text)`
 * @param people how many own accounts
 * @param transactions how many, without those of transfers
 * @param owned how many of them `person1` owns, and `person2`
 */
export async function fillMoney(client, { people, transactions, owned, log }) {
  await client.query('set session_replication_role = replica');
  log(`${transactions.toLocaleString('en')} transactions`);
  await client.query(`insert into bank_accounts (id, owner_id, name, account_type_id, currency, opening_balance, balance)
    select (p - 1) * ${accountsEach} + k, ${idOfPerson(0)} + p, 'Compte ' || k, (array[1, 4, 5, 1])[k], 'EUR', 1000, 1000
      from generate_series(1, ${people}) p, generate_series(1, ${accountsEach}) k`);
  const step = Math.floor(transactions / owned);
  await client.query(`
    insert into transactions (id, account_id, owner_id, category_id, amount, description, transaction_date, is_split)
    select i, (p - 1) * ${accountsEach} + 1 + (i / ${step}) % ${accountsEach}, ${idOfPerson(0)} + p,
           case when is_split then null when i % 12 = 0 then 1 + i % 2 when i % 97 > 0 then 3 + (i / 13) % 12 end,
           case when i % 12 = 0 then 1 + i % 300000 / 100.0 else -1 - i % 9000 / 100.0 end,
           (array['Courses', 'Loyer', 'Essence', 'Cinéma', 'Pharmacie', 'Restaurant'])[1 + i % 6] || ' ' || i,
           case when p = 2 then current_date - (i::bigint * 7919 % extract(doy from current_date)::int)::int
                else current_date - (i::bigint * 7919 % 2200)::int end,
           is_split
      from generate_series(1, ${transactions}) i,
           lateral (select case when i % ${step} < 2 then 1 + i % ${step} else 3 + (i / ${step} + i) % ${people - 2} end as p,
                           i % 30 = 7 as is_split) o
     order by p, i`);
  await client.query(`insert into transaction_splits (transaction_id, position, category_id, amount)
    select t.id, n, 3 + (t.id + n) % 12, case when n = 1 then round(t.amount / 2, 2) else t.amount - round(t.amount / 2, 2) end
      from transactions t, generate_series(1, 2) n where t.is_split`);
  await client.query(`insert into transfers (id, owner_id, from_transaction_id, to_transaction_id, amount, transfer_date, description)
    select j, ${idOfPerson(0)} + 1 + j % ${people}, ${transactions} + 2 * j - 1, ${transactions} + 2 * j, 10,
           current_date - (j::bigint * 7919 % 2200)::int, 'Épargne'
      from generate_series(1, ${Math.floor(transactions / 100)}) j`);
  await client.query(`
    insert into transactions (id, account_id, owner_id, amount, description, transaction_date, transfer_id)
    select case when n = 1 then from_transaction_id else to_transaction_id end,
           (owner_id - ${idOfPerson(0)} - 1) * ${accountsEach} + n, owner_id, case when n = 1 then -amount else amount end,
           description, transfer_date, id
      from transfers, generate_series(1, 2) n`);
  await client.query(`update bank_accounts a set balance = opening_balance + coalesce(
    (select sum(amount) from transactions where account_id = a.id), 0)`);
  await client.query(`insert into budgets (owner_id, name, target_amount, current_amount, target_date)
    select ${idOfPerson(0)} + p, 'Projet ' || n, 1000 * n, 100 * n, current_date + 100 * n
      from generate_series(1, ${people}) p, generate_series(1, 3) n`);
  for (const table of ['bank_accounts', 'transactions', 'transfers'])
    await client.query(`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`);
  await client.query('set session_replication_role = origin');
  for (const table of ['bank_accounts', 'transactions', 'transaction_splits', 'transfers', 'budgets'])
    await client.query(`vacuum analyze ${table}`);
}
