/** Interventions with all that a report may say of them, made by SQL, and their files in the store. */
import { randomUUID } from 'node:crypto';
import type { ContentStore } from '../../src/storage/content-store.js';
import type { TestServer } from './harness.js';
import { photoBytes } from './report-content.js';

/** A server of the tests, or what stands in for one that runs in another process. */
export interface VisitStage {
  sql: TestServer['sql'];
  services: { store: ContentStore };
}

export interface Visit {
  clientId: string;
  interventionId: string;
  inspectionId: string;
}

/** A visit with a finding, points of control, hours, parts and a signature. */
export async function makeVisit(server: VisitStage, owner: { id: number }): Promise<Visit> {
  const [client] = await server.sql(
    `insert into clients (name, email, phone, address, created_by_id)
     values ('Copropriété Les Tilleuls', ?, '+33 1 23 45 67 89', '3 allée des Tilleuls, 75011 Paris', ?) returning id`,
    [`${randomUUID()}@example.org`, owner.id],
  );
  const signatureKey = `signatures/${randomUUID()}.png`;
  await server.services.store.putBytes(await photoBytes(9, { width: 400, height: 150, format: 'png' }), signatureKey);
  const [intervention] = await server.sql(
    `insert into interventions (client_id, scheduled_at, kind, status, location, description, technician, latitude,
       longitude, started_at, finished_at, signatory_name, signed_at, signature_key, created_by_id)
     values (?, '2026-07-14T08:00:00Z', 'detection', 'validated', 'Bâtiment B', 'Le compteur tourne.', 'Karim Benali',
       48.856614, 2.352222, '2026-07-14T08:05:00Z', '2026-07-14T10:35:00Z', 'Hélène Dupont', '2026-07-14T10:40:00Z', ?, ?)
     returning id`,
    [client.id, signatureKey, owner.id],
  );
  const id = intervention.id;
  const [inspection] = await server.sql(
    `insert into inspections (intervention_id, kind, result, observations, inspected_at)
     values (?, 'acoustic', 'Fuite confirmée', 'Bruit net à 80 cm', '2026-07-14T08:40:00Z') returning id`,
    [id],
  );
  await server.sql(
    `insert into intervention_status_changes (intervention_id, from_status, to_status, comment, changed_by_id)
     values (?, null, 'planned', null, ?), (?, 'planned', 'in_progress', 'Accès par la cour', ?)`,
    [id, owner.id, id, owner.id],
  );
  await server.sql(
    `insert into checklist_items (intervention_id, position, label, is_done, done_at)
     values (?, 1, 'Compteur relevé', true, '2026-07-14T08:10:00Z'), (?, 2, 'Lieux propres', false, null)`,
    [id, id],
  );
  await server.sql(
    `insert into work_entries (intervention_id, technician, work_date, minutes) values (?, 'Karim', '2026-07-14', 150)`,
    [id],
  );
  await server.sql(`insert into used_parts (intervention_id, label, quantity) values (?, 'Collier DN 20', 1.5)`, [id]);
  return { clientId: client.id, interventionId: id, inspectionId: inspection.id };
}

interface PhotoOptions {
  inspectionId?: string;
  format?: 'jpeg' | 'webp';
  /** Instead of a picture. */
  bytes?: Buffer;
  caption?: string;
  width?: number;
}

export async function addPhoto(
  server: VisitStage,
  { interventionId }: Pick<Visit, 'interventionId'>,
  { inspectionId, format = 'jpeg', bytes, caption = 'Raccord', width = 640 }: PhotoOptions = {},
): Promise<string> {
  const id = randomUUID();
  const key = `media/${id}`;
  await server.services.store.putBytes(bytes ?? (await photoBytes(1, { width, height: width * 0.75, format })), key);
  await server.sql(
    `insert into media (id, intervention_id, inspection_id, kind, status, original_filename, content_key, content_hash,
       file_size, mime_type, description, taken_at, latitude, longitude)
     values (?, ?, ?, 'photo', 'ready', 'IMG_1', ?, 'h', 1, ?, ?, '2026-07-14T08:20:00Z', 48.856614, 2.352222)`,
    [id, interventionId, inspectionId ?? null, key, `image/${format}`, caption],
  );
  return id;
}
