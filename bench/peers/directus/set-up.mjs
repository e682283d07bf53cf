/**
 * Directus on the tables of the bench: its own tables are in a schema beside them, and one role reads what the reader of all
 * documents reads. It leaves out tables whose primary key has several columns (`document_tags`, `document_shares`), so that it can
 * neither list the tags of a document nor express that a document is shared with somebody.
 */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The static token of a person, as Directus gives them to programs. */
export const directusTokenOf = (username) => `bench-directus-${username}`;

/** Its settings; what is not here has its default. */
export const directusEnvironment = (databaseUrl, poolSize) => ({
  HOST: '127.0.0.1',
  DB_CLIENT: 'pg',
  DB_CONNECTION_STRING: databaseUrl,
  DB_SEARCH_PATH: 'array:directus,public',
  DB_POOL__MIN: '0',
  DB_POOL__MAX: String(poolSize),
  SECRET: 'bench-secret-'.repeat(4),
  ADMIN_EMAIL: 'admin@example.org',
  ADMIN_PASSWORD: 'Directus-banc-2026!',
  SERVE_APP: 'false',
  TELEMETRY: 'false',
});

/** Whole tables: without a licence Directus 12 keeps to no rule on rows or fields. */
const readable = ['documents', 'correspondents', 'document_types'];

/**
 * Installs Directus into a database of the bench, once.
 *
 * @param username of the person who may read all documents
 */
export async function setUpDirectus(databaseUrl, username) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(`select to_regclass('directus.directus_users') is not null as is_there`);
    if (rows[0].is_there && (await hasReader(client, username))) return;
    await client.query('drop schema if exists directus cascade');
    await client.query('create schema directus');
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', here('without-scripts.mjs'), here('node_modules/@directus/api/dist/cli/run.js'), 'bootstrap'],
      { env: { ...process.env, ...directusEnvironment(databaseUrl, 1) }, cwd: here('.'), encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`Directus cannot be installed: ${stderr}`);
    await addReader(client, username);
  } finally {
    await client.end();
  }
}

const hasReader = async (client, username) =>
  (await client.query('select from directus.directus_users where token = $1', [directusTokenOf(username)])).rowCount >
  0;

async function addReader(client, username) {
  const [role, policy, user] = [randomUUID(), randomUUID(), randomUUID()];
  await client.query(`insert into directus.directus_roles (id, name) values ($1, 'Reader')`, [role]);
  await client.query(`insert into directus.directus_policies (id, name) values ($1, 'Reads all documents')`, [policy]);
  await client.query('insert into directus.directus_access (id, role, policy) values ($1, $2, $3)', [
    randomUUID(),
    role,
    policy,
  ]);
  for (const collection of readable)
    await client.query(
      `insert into directus.directus_permissions (collection, action, fields, policy) values ($1, 'read', '*', $2)`,
      [collection, policy],
    );
  await client.query('insert into directus.directus_users (id, email, role, token) values ($1, $2, $3, $4)', [
    user,
    `${username}@example.org`,
    role,
    directusTokenOf(username),
  ]);
}
