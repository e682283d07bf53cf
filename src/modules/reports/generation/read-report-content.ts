import type { Transaction } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { can, type Viewer } from '../../../kernel/viewer.js';
import { isoSecondsSql } from '../../../lib/postgres-text.js';
import type {
  ChecklistLine,
  ClientFacts,
  Firm,
  InterventionFacts,
  PartLine,
  Place,
  ReportContent,
  ReportFacts,
  StatusChange,
  TemplateContent,
  WorkLine,
} from '../content/report-content.js';
import { writtenBlocks } from '../content/written-blocks.js';
import { readPictures, type ReportPictures } from './read-report-media.js';

/** What a report is made of, and where its pictures lie. */
export interface ReportMaterial {
  content: ReportContent;
  pictures: ReportPictures;
}

export interface ReportToRead {
  id: string;
  interventionId: string;
  generationId: string;
  withMedia: boolean;
  withPlaces: boolean;
  template: TemplateContent;
}

/**
 * Everything that a report says, all of one moment, as far as the viewer may see it: without media for whoever may not
 * see those. Undefined when the report or its intervention is gone.
 */
export async function readReportContent(
  { db, viewer, services }: CommandContext,
  report: ReportToRead,
): Promise<ReportMaterial | undefined> {
  const { config } = services;
  const madeAt = services.now().toISOString();
  return db.transaction(async (tx) => {
    await tx.send(sql`set transaction isolation level repeatable read, read only`);
    const facts = await readFacts(tx, report.id);
    const intervention = await readIntervention(tx, report.interventionId);
    if (!facts || !intervention) return undefined;
    const { client, signature, signatureKey, ...own } = intervention;
    const { findings, ...media } = await readPictures(tx, report.interventionId, seesMedia(viewer, report));
    const lines = await readLines(tx, report.interventionId);
    const content: ReportContent = {
      report: { ...facts, written: writtenBlocks(facts.written), madeAt, edition: report.generationId },
      firm: firmOf(config.seller),
      client,
      intervention: { ...own, technicians: await readTechnicians(tx, report.interventionId) },
      ...lines,
      findings,
      photos: media.photos,
      omittedPhotos: media.omittedPhotos,
      otherMedia: media.otherMedia,
      signature,
      template: report.template,
      timeZone: config.timeZone,
    };
    return {
      content: report.withPlaces ? content : withoutPlaces(content),
      pictures: { photos: media.photoKeys, signature: signatureKey },
    };
  });
}

const seesMedia = (viewer: Viewer, { withMedia }: ReportToRead): boolean => withMedia && can(viewer, 'media:read');

const firmOf = (seller: CommandContext['services']['config']['seller']): Firm => ({
  name: 'Passerelle',
  street: null,
  postalCode: null,
  city: null,
  country: null,
  ...seller,
  email: seller?.email ?? null,
});

type StoredFacts = Omit<ReportFacts, 'written' | 'madeAt' | 'edition'> & { written: unknown };

const readFacts = (tx: Transaction, id: string): Promise<StoredFacts | undefined> =>
  tx.first<StoredFacts>(sql`
    select id, kind, title, description, author, content as written
      from reports where id = ${id}::uuid and deleted_at is null`);

type StoredIntervention = Omit<InterventionFacts, 'technicians'> &
  Pick<ReportContent, 'client' | 'signature'> & { signatureKey: string | null };

async function readIntervention(tx: Transaction, id: string): Promise<StoredIntervention | undefined> {
  const row = await tx.first<StoredIntervention & { client: ClientFacts; place: Place | null }>(sql`
    select i.id, i.kind, i.status, ${raw(isoSecondsSql('i.scheduled_at'))} as "scheduledAt",
           ${raw(isoSecondsSql('i.started_at'))} as "startedAt", ${raw(isoSecondsSql('i.finished_at'))} as "endedAt",
           i.location, i.description, i.estimated_minutes as "estimatedMinutes",
           case when i.latitude is not null
                then json_build_object('latitude', i.latitude, 'longitude', i.longitude) end as place,
           json_build_object('name', c.name, 'companyName', c.company_name, 'contact', c.contact_name,
                             'address', c.address, 'telephone', c.phone, 'email', c.email) as client,
           case when i.signed_at is not null
                then json_build_object('name', i.signatory_name,
                                       'signedAt', ${raw(isoSecondsSql('i.signed_at'))}) end as signature,
           i.signature_key as "signatureKey"
      from interventions i join clients c on c.id = i.client_id
     where i.id = ${id}::uuid and i.deleted_at is null`);
  return row;
}

/** The one who leads first. */
async function readTechnicians(tx: Transaction, interventionId: string): Promise<string[]> {
  const rows = await tx.all<{ name: string }>(sql`
    select coalesce(nullif(u.full_name, ''), t.name) as name
      from (select technician as name, technician_user_id as user_id, 0 as position from interventions
             where id = ${interventionId}::uuid and technician is not null
            union all
            select name, user_id, position + 1 from intervention_technicians
             where intervention_id = ${interventionId}::uuid) t
      left join users u on u.id = t.user_id
     order by t.position`);
  return [...new Set(rows.map(({ name }) => name))];
}

type Lines = Pick<ReportContent, 'timeline' | 'checklist' | 'hours' | 'parts'>;

async function readLines(tx: Transaction, interventionId: string): Promise<Lines> {
  const timeline = await tx.all<StatusChange>(sql`
    select ${raw(isoSecondsSql('s.changed_at'))} as at, s.from_status as "from", s.to_status as "to", s.comment,
           coalesce(nullif(u.full_name, ''), u.username) as by
      from intervention_status_changes s left join users u on u.id = s.changed_by_id
     where s.intervention_id = ${interventionId}::uuid order by s.id`);
  const checklist = await tx.all<ChecklistLine>(sql`
    select k.label, k.note, k.is_done as "isDone", ${raw(isoSecondsSql('k.done_at'))} as "doneAt",
           coalesce(nullif(u.full_name, ''), u.username) as "doneBy"
      from checklist_items k left join users u on u.id = k.done_by_id
     where k.intervention_id = ${interventionId}::uuid order by k.position`);
  const hours = await tx.all<WorkLine>(sql`
    select w.work_date::text as day, coalesce(nullif(u.full_name, ''), w.technician) as technician, w.minutes, w.note
      from work_entries w left join users u on u.id = w.technician_user_id
     where w.intervention_id = ${interventionId}::uuid order by w.work_date, w.id`);
  const parts = await tx.all<PartLine>(sql`
    select label, reference, quantity::text, unit_price::text as "unitPrice"
      from used_parts where intervention_id = ${interventionId}::uuid order by created_at, id`);
  return { timeline, checklist, hours, parts };
}

const withoutPlaces = (content: ReportContent): ReportContent => ({
  ...content,
  intervention: { ...content.intervention, place: null },
  findings: content.findings.map((finding) => ({ ...finding, place: null })),
  photos: content.photos.map((photo) => ({ ...photo, place: null })),
});
