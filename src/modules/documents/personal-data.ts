import type { Transaction } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import { emit } from '../../events/outbox.js';
import type { Context } from '../../kernel/context.js';
import { momentAs as at, type PersonalData } from '../../kernel/personal-data.js';
import { removeUnusedContent } from './files/document-content.js';

export const documentPersonalData: PersonalData = {
  exports: {
    documents: {
      fileName: ({ id, originalFilename }) => `documents/${id}-${originalFilename}`,
      sql: `
        select d.id, d.title, d.original_filename as "originalFilename", d.file_size as "sizeBytes",
               d.mime_type as "mimeType", d.content_hash as "sha256", d.content_key as "contentKey", y.label as type,
               c.name as correspondent, d.document_date as "documentDate", d.amount, d.currency, d.asn,
               ${at('d.created_at', 'createdAt')}, ${at('d.updated_at', 'updatedAt')},
               ${at('d.deleted_at', 'trashedAt')},
               array(select t.name from document_tags dt join tags t on t.id = dt.tag_id
                      where dt.document_id = d.id order by t.id) as tags,
               (select coalesce(json_agg(json_build_object('name', f.name, 'value', v.value) order by f.id), '[]')
                  from document_field_values v join custom_fields f on f.id = v.field_id
                 where v.document_id = d.id) as "customFields",
               -- Whoever shares a document sees the names of those it is shared with.
               (select coalesce(
                         json_agg(json_build_object('userId', w.id, 'fullName', w.full_name) order by w.id), '[]')
                  from document_shares s join users w on w.id = s.user_id where s.document_id = d.id) as "sharedWith"
          from documents d left join document_types y on y.id = d.document_type_id
          left join correspondents c on c.id = d.correspondent_id
         where d.owner_id = me.id order by d.id`,
    },
    /** Former files of the person's documents. */
    documentVersions: {
      fileName: ({ id, originalFilename }) => `versions/${id}-${originalFilename}`,
      sql: `
        select v.id, v.document_id as "documentId", v.number, v.original_filename as "originalFilename",
               v.file_size as "sizeBytes", v.mime_type as "mimeType", v.content_hash as "sha256",
               v.content_key as "contentKey", ${at('v.replaced_at', 'replacedAt')}
          from document_versions v join documents d on d.id = v.document_id
         where d.owner_id = me.id order by v.document_id, v.number`,
    },
    /** Files that the person replaced, in their own documents and in others'. */
    replacedFiles: {
      sql: `
        select v.document_id as "documentId", v.number, ${at('v.replaced_at', 'replacedAt')}
          from document_versions v where v.replaced_by_id = me.id order by v.id`,
    },
    sharedWithMe: {
      sql: `
        select d.id, d.title from document_shares s join documents d on d.id = s.document_id
         where s.user_id = me.id and d.owner_id <> me.id and d.deleted_at is null order by d.id`,
    },
    shareLinks: {
      sql: `
        select l.id, l.document_id as "documentId", l.version, l.prefix, l.has_password as "hasPassword",
               l.max_downloads as "maxDownloads", l.downloads, ${at('l.created_at', 'createdAt')},
               ${at('l.expires_at', 'expiresAt')}, ${at('l.last_used_at', 'lastUsedAt')},
               ${at('l.revoked_at', 'revokedAt')}
          from share_links l where l.created_by_id = me.id order by l.id`,
    },
    documentNotes: {
      sql: `
        select n.id, n.document_id as "documentId", n.text, ${at('n.created_at', 'createdAt')}
          from document_notes n where n.author_id = me.id order by n.id`,
    },
    savedViews: {
      sql: `
        select v.id, v.name, v.filter, v.order_by as "orderBy", v.is_shared as "isShared",
               ${at('v.created_at', 'createdAt')}, ${at('v.updated_at', 'updatedAt')}
          from saved_views v where v.owner_id = me.id order by v.id`,
    },
  },
  references: {
    'documents.owner_id': {
      export: 'documents',
      erasure: {
        kept: "Documents that are shared with other people, that belong to an invoice or to another's bank account",
      },
    },
    'document_shares.user_id': { export: 'sharedWithMe', erasure: 'deleted' },
    'document_versions.replaced_by_id': {
      export: 'replacedFiles',
      erasure: { kept: "The history of another person's document says who replaced its file, by number" },
    },
    'share_links.created_by_id': {
      export: 'shareLinks',
      erasure: {
        kept: "A link to another person's document, or to one that stays, is still listed; it opens nothing",
      },
    },
    'document_notes.author_id': {
      export: 'documentNotes',
      erasure: { kept: "What was said about another person's document stays, under a number" },
    },
    'saved_views.owner_id': { export: 'savedViews', erasure: 'deleted' },
  },
  erase: async (tx, ctx, userId) => {
    const contentHashes = await purgeDocuments(tx, ctx, userId);
    // A file may only go when no row names it any more.
    return async () => {
      for (const hash of contentHashes) await removeUnusedContent(ctx, hash);
    };
  },
  pseudonymise: async (tx, userId) => {
    await tx.send(sql`
      update events e set data = data || '{"title": ""}'
       where subject_type = 'Document' and (data->>'ownerId')::int = ${userId}
         and not exists (select 1 from documents d where d.id = e.subject_id::int)`);
  },
  remains: async (tx, userId) => {
    const row = await tx.first<{ n: number }>(sql`select count(*)::int as n from documents where owner_id = ${userId}`);
    const n = row?.n ?? 0;
    return n > 0
      ? [
          {
            what: 'documents',
            words: `${n} document${n === 1 ? '' : 's'}`,
            count: n,
            reason: "they are shared with other people, or belong to an invoice or to another's bank account",
            until: null,
          },
        ]
      : [];
  },
};

/** Deletes the documents that nobody else was given. Returns the hashes of their files, former ones too. */
async function purgeDocuments(tx: Transaction, ctx: Context, userId: number): Promise<string[]> {
  const documents = await tx.all<{ id: number; contentHash: string }>(sql`
    with gone as (
      delete from documents d where d.owner_id = ${userId}
         and not exists (select 1 from document_shares s where s.document_id = d.id and s.user_id <> d.owner_id)
         and not exists (select 1 from invoices i where i.document_id = d.id)
         and not exists (select 1 from receipts r join transactions t on t.id = r.transaction_id
                          where r.document_id = d.id and t.owner_id <> d.owner_id)
      returning id, content_hash)
    select id, content_hash as "contentHash" from gone
    union all
    select v.document_id, v.content_hash from document_versions v join gone on gone.id = v.document_id`);
  for (const id of new Set(documents.map((d) => d.id)))
    await emit(tx, ctx, 'document.purged', ['Document', id], { ownerId: userId, title: '' });
  return [...new Set(documents.map((d) => d.contentHash))];
}
