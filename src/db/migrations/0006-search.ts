import { Migration } from '@mikro-orm/migrations';

/**
 * Search over what a document is called, by whom, under which tags, and what it says.
 *
 *   search_names   title (A), file name and correspondent (B), tags (C): small, kept by triggers, ranked for every hit
 *   search_text    the text (D): as large as the text, written once with it
 *   tag_ids        the tags as document_tags has them: the facets of twenty thousand hits are counted without a join
 *
 * Names and text are two columns, so that a rename touches the small one only; the index holds both together, so that the words of
 * a query may lie in either.
 */
export class Migration0006 extends Migration {
  override up(): void {
    for (const statement of [...functions, ...columns, ...triggers]) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

// What separates words. PostgreSQL's own parser keeps file names, paths, hosts and signed numbers whole, so that a part
// of FR-2026-0117 would not be found: here every code is a row of words, and a code in a query is a phrase.
const separators = String.raw`[\u0001-/:-@\[-\`{-¿×÷\u02B0-\u02FF\u2000-\u206F\u20A0-\u20CF\u2100-\u2BFF\u3000-\u303F]+`;

const functions = [
  // One spelling of a text: without accents, in lower case, words apart by one space. The dictionary is named, which makes
  // it immutable in fact; soft hyphens and other invisible characters vanish.
  String.raw`create function search_fold(text) returns text language sql immutable strict parallel safe as $$
    select btrim(regexp_replace(
      lower(public.unaccent('public.unaccent', normalize(translate($1, E'\u00AD\u200B\u200C\u200D\uFEFF', ''), NFKC))),
      '${separators}', ' ', 'g')) $$`,

  // The stemmer knows feminine and plural forms by their accents, which nobody types: payée, payées and paye meet in "paye".
  // It also does not know the plurals in -aux of words in -ail that letters speak of.
  String.raw`create function french_endings(text) returns text language sql immutable strict parallel safe as $$
    select regexp_replace(regexp_replace($1, '(\w{2})[eé]es?\M', '\1e', 'g'), '\m(b|trav|vitr)aux\M', '\1ail', 'g') $$`,

  // A text as it is indexed: long numbers (1 234,56; SIREN, SIRET) and IBANs that are printed in groups also in one piece,
  // an IBAN in one piece also in groups. A vector holds 1 MiB at most, so the text is cut well below it. In plpgsql,
  // which keeps the plans of its statements.
  String.raw`create function search_words(text) returns text language plpgsql immutable strict parallel safe as $$
    declare
      folded text := left(search_fold($1), 160000);
      words text := french_endings(folded);
      again text;
    begin
      if folded !~ '\d{3}' then return words; end if;
      select string_agg(concat_ws(' ', replace(m[1], ' ', '') || m[2], replace(m[1] || nullif(m[3], ''), ' ', '')), ' ') into again
        from regexp_matches(folded, '\m(\d{1,3}(?: \d{3})+)((?: \d{2})?)((?: \d{5})?)\M', 'g') m;
      words := concat_ws(' ', words, again);
      if folded ~ '\m[a-z]{2}\d{2}' then
        select string_agg(replace(m[1], ' ', ''), ' ') into again
          from regexp_matches(folded, '\m([a-z]{2}\d{2}(?: (?=[a-z]*\d)[a-z0-9]{4}){2,7}(?: (?=[a-z]*\d)[a-z0-9]{1,3})?)\M', 'g') m;
        words := concat_ws(' ', words, again);
        select string_agg(regexp_replace(m[1], '(.{4})(?=.)', '\1 ', 'g'), ' ') into again
          from regexp_matches(folded, '\m([a-z]{2}\d{2}[a-z0-9]{11,30})\M', 'g') m;
        words := concat_ws(' ', words, again);
      end if;
      return left(words, 200000);
    end $$`,

  `create function search_names(title text, filename text, correspondent text, tags text) returns tsvector
     language sql immutable parallel safe as $$
    select setweight(to_tsvector('public.fr', search_words(title)), 'A')
        || setweight(to_tsvector('public.fr', search_words(concat_ws(' ', filename, correspondent))), 'B')
        || setweight(to_tsvector('public.fr', search_words(coalesce(tags, ''))), 'C') $$`,

  // Both together, as indexed. Its cost tells the planner what it does not know: that without the index every text's
  // vector is fetched from beside the table. In plpgsql, since a function in SQL would be inlined and its cost forgotten.
  `create function search_vector(names tsvector, words tsvector) returns tsvector language plpgsql immutable strict parallel safe cost 10000 as $$
    begin return names || words; end $$`,

  // From the text that the query parser writes: quoted words with & | ! and parentheses.
  `create function search_query(text) returns tsquery language sql immutable strict parallel safe as $$
    select to_tsquery('public.fr', french_endings($1)) $$`,

  // The beginning of a word as typed or as the stemmer leaves it: "factures*" finds what "facture" finds, and "sur*"
  // is more than a word without meaning.
  `create function search_prefix(text) returns tsquery language sql immutable strict parallel safe as $$
    select to_tsquery('public.fr', french_endings($1)) || to_tsquery('simple', public.unaccent('public.unaccent', $1)) $$`,

  // The tags of a document in one text, as search_names takes them.
  `create function document_tag_names(int) returns text language sql stable as $$
    select string_agg(g.name, ' ' order by g.id) from document_tags dt join tags g on g.id = dt.tag_id where dt.document_id = $1 $$`,

  // And as tag_ids holds them.
  `create function document_tag_ids(int) returns int[] language sql stable as $$
    select array(select tag_id from document_tags where document_id = $1 order by tag_id) $$`,
];

const columns = [
  `alter text search configuration fr alter mapping for numword with unaccent, simple`,
  `drop index documents_search_idx`,
  `alter table documents drop column search`,
  // Texts and their vectors lie beside the table: whoever counts twenty thousand documents does not read past them.
  `alter table documents set (toast_tuple_target = 512)`,
  `alter table documents
     add column search_names tsvector not null default '',
     add column tag_ids int[] not null default '{}',
     add column search_text tsvector not null generated always as (setweight(to_tsvector('fr', search_words(left(content, 200000))), 'D')) stored,
     add column folded_title text not null generated always as (search_fold(title)) stored`,
  `alter table correspondents add column folded_name text not null generated always as (search_fold(name)) stored`,
  `alter table tags add column folded_name text not null generated always as (search_fold(name)) stored`,
  `update documents d set tag_ids = document_tag_ids(d.id), search_names = search_names(d.title, d.original_filename,
     (select c.name from correspondents c where c.id = d.correspondent_id), document_tag_names(d.id))`,
  `create index documents_search_idx on documents using gin (search_vector(search_names, search_text))`,
  `create index documents_title_start_idx on documents (folded_title text_pattern_ops) where deleted_at is null`,
  `create index documents_title_trgm_idx on documents using gin (folded_title gin_trgm_ops) where deleted_at is null`,
  `create index correspondents_folded_name_idx on correspondents using gin (folded_name gin_trgm_ops)`,
  `create index tags_folded_name_idx on tags using gin (folded_name gin_trgm_ops)`,
];

const triggers = [
  // A name that is being changed by somebody else is waited for: their change does not see this document yet.
  `create function index_document_names() returns trigger language plpgsql as $$
   declare correspondent text;
   begin
     if new.correspondent_id is not null then
       if tg_op = 'INSERT' or old.correspondent_id is distinct from new.correspondent_id then
         select name into correspondent from correspondents where id = new.correspondent_id for share;
       else
         select name into correspondent from correspondents where id = new.correspondent_id;
       end if;
     end if;
     new.search_names := search_names(new.title, new.original_filename, correspondent,
       case tg_op when 'UPDATE' then document_tag_names(new.id) end);
     return new;
   end $$`,
  `create trigger documents_names before insert or update of title, original_filename, correspondent_id on documents
     for each row execute function index_document_names()`,

  `create function index_tagged_documents() returns trigger language plpgsql as $$
   begin
     perform from tags where id in (select tag_id from changed) order by id for share;
     -- Whoever tags the same documents meanwhile is waited for, and the update then reads their tags too.
     perform from documents where id in (select document_id from changed) order by id for no key update;
     update documents d set tag_ids = document_tag_ids(d.id), search_names = search_names(d.title, d.original_filename,
         (select c.name from correspondents c where c.id = d.correspondent_id), document_tag_names(d.id))
       where d.id in (select document_id from changed);
     return null;
   end $$`,
  `create trigger document_tags_added after insert on document_tags referencing new table as changed
     for each statement execute function index_tagged_documents()`,
  `create trigger document_tags_removed after delete on document_tags referencing old table as changed
     for each statement execute function index_tagged_documents()`,

  // One statement a rename, however many documents bear the name.
  `create function index_renamed_correspondents() returns trigger language plpgsql as $$
   begin
     update documents d set search_names = search_names(d.title, d.original_filename, n.name, document_tag_names(d.id))
       from renamed_to n join renamed_from o on o.id = n.id
       where d.correspondent_id = n.id and n.name is distinct from o.name;
     return null;
   end $$`,
  `create trigger correspondents_renamed after update on correspondents referencing old table as renamed_from new table as renamed_to
     for each statement execute function index_renamed_correspondents()`,
  `create function index_renamed_tags() returns trigger language plpgsql as $$
   begin
     update documents d set search_names = search_names(d.title, d.original_filename,
         (select c.name from correspondents c where c.id = d.correspondent_id), document_tag_names(d.id))
       where d.id in (
         select dt.document_id from document_tags dt join renamed_to n on n.id = dt.tag_id join renamed_from o on o.id = n.id
          where n.name is distinct from o.name);
     return null;
   end $$`,
  `create trigger tags_renamed after update on tags referencing old table as renamed_from new table as renamed_to
     for each statement execute function index_renamed_tags()`,
];
