import { newSecret } from '../../src/modules/identity/sessions/secrets.js';
import type { Person, TestServer } from '../support/harness.js';
import { unique } from './objects.js';

export interface FieldworkObjects {
  client: (owner: Person) => Promise<{ id: string; name: string; email: string }>;
  /** At a client that is made for it. */
  intervention: (owner: Person) => Promise<{ id: string; description: string; clientId: string }>;
  /** In an hour that nothing else takes, at a client that is made for it. */
  appointment: (owner: Person) => Promise<{ id: string; notes: string; clientId: string }>;
  /** With the secret of a link for the client, whose name is `clientName`; it is tomorrow. */
  linkedAppointment: (owner: Person) => Promise<{ id: string; token: string; clientName: string }>;
  /** A calendar of the person's, of a technician whom nothing else names. */
  calendarFeed: (owner: Person) => Promise<{ id: string; technician: string }>;
  /** Without a file, of an intervention that is made for it; so are reports. */
  medium: (owner: Person) => Promise<{ id: string; description: string; interventionId: string }>;
  /** Of an intervention that is made for it; so are the others. */
  checklistItem: (owner: Person) => Promise<{ id: string; label: string }>;
  workEntry: (owner: Person) => Promise<{ id: string; note: string }>;
  usedPart: (owner: Person) => Promise<{ id: string; label: string }>;
  inspection: (owner: Person) => Promise<{ id: string; result: string }>;
  /** Switched off, at a client that is made for it. */
  maintenanceContract: (owner: Person) => Promise<{ id: string; title: string; clientId: string }>;
  report: (owner: Person) => Promise<{ id: string; title: string; interventionId: string }>;
  reportTemplate: (owner: Person) => Promise<{ id: string; name: string }>;
}

/** The firm's work, made by SQL: who may read one of a kind may read all. */
export function fieldworkObjects({ sql, admin }: Pick<TestServer, 'sql' | 'admin'>): FieldworkObjects {
  const insert = async (table: string, row: Record<string, unknown>): Promise<{ id: string }> => {
    const columns = Object.keys(row);
    const [made] = await sql(
      `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')}) returning id`,
      Object.values(row),
    );
    return made;
  };
  const client: FieldworkObjects['client'] = async (owner) => {
    const name = unique('client');
    const email = `${name}@example.org`;
    return { ...(await insert('clients', { name, email, created_by_id: owner.id })), name, email };
  };
  const intervention: FieldworkObjects['intervention'] = async (owner) => {
    const { id: clientId } = await client(owner);
    const description = unique('intervention');
    const row = { client_id: clientId, scheduled_at: '2026-02-03T10:00:00Z', kind: 'inspection', description };
    return { ...(await insert('interventions', { ...row, created_by_id: owner.id })), description, clientId };
  };
  return {
    client,
    intervention,
    appointment: async (owner) => {
      const { id: clientId } = await client(owner);
      const notes = unique('appointment');
      const ends_at = '2026-02-03T11:00:00Z';
      const times = { starts_at: '2026-02-03T10:00:00Z', ends_at, blocked_until: ends_at };
      const row = { client_id: clientId, notes, ...times, created_by_id: owner.id };
      return { ...(await insert('appointments', row)), notes, clientId };
    },
    linkedAppointment: async (owner) => {
      const { id: clientId, name: clientName } = await client(owner);
      const tomorrow = (hours: number): string => new Date(Date.now() + (24 + hours) * 3_600_000).toISOString();
      const times = { starts_at: tomorrow(0), ends_at: tomorrow(1), blocked_until: tomorrow(1) };
      const { id } = await insert('appointments', { client_id: clientId, ...times, created_by_id: owner.id });
      const { secret: token, hash: secret_hash } = newSecret('rdv');
      await insert('customer_links', {
        appointment_id: id,
        secret_hash,
        expires_at: tomorrow(1),
        // Whoever opens it, it holds by the rights of who made it.
        created_by_id: admin.id,
      });
      return { id, token, clientName };
    },
    calendarFeed: async (owner) => {
      const technician = unique('technicien');
      const row = { owner_id: owner.id, technician, secret_hash: newSecret('cal').hash, secret: 'none' };
      return { ...(await insert('calendar_feeds', row)), technician };
    },
    medium: async (owner) => {
      const { id: interventionId } = await intervention(owner);
      const description = unique('medium');
      const file = { original_filename: 'a.jpg', content_key: 'none', content_hash: 'none', file_size: 1 };
      const row = { intervention_id: interventionId, kind: 'photo', status: 'ready', mime_type: 'image/jpeg' };
      const made = await insert('media', { ...row, ...file, description, uploaded_by_id: owner.id });
      return { ...made, description, interventionId };
    },
    checklistItem: async (owner) => {
      const label = unique('item');
      const row = { intervention_id: (await intervention(owner)).id, position: 1, label, created_by_id: owner.id };
      return { ...(await insert('checklist_items', row)), label };
    },
    workEntry: async (owner) => {
      const note = unique('work');
      const row = { intervention_id: (await intervention(owner)).id, technician: 'A', created_by_id: owner.id };
      return { ...(await insert('work_entries', { ...row, work_date: '2026-02-03', minutes: 30, note })), note };
    },
    usedPart: async (owner) => {
      const label = unique('part');
      const row = { intervention_id: (await intervention(owner)).id, label, quantity: '2', created_by_id: owner.id };
      return { ...(await insert('used_parts', row)), label };
    },
    inspection: async (owner) => {
      const result = unique('inspection');
      const row = { intervention_id: (await intervention(owner)).id, result, inspected_at: '2026-02-03T10:00:00Z' };
      return { ...(await insert('inspections', { ...row, created_by_id: owner.id })), result };
    },
    maintenanceContract: async (owner) => {
      const { id: clientId } = await client(owner);
      const title = unique('contract');
      const schedule = { frequency: 'yearly', interval: 1, start_date: '2026-02-03', visit_time: '09:00' };
      const place = { visit_minutes: 60, time_zone: 'Europe/Paris', horizon_days: 30, is_active: false };
      const row = { client_id: clientId, title, kind: 'maintenance', ...schedule, ...place, created_by_id: owner.id };
      return { ...(await insert('maintenance_contracts', row)), title, clientId };
    },
    report: async (owner) => {
      const { id: interventionId } = await intervention(owner);
      const title = unique('report');
      const row = { intervention_id: interventionId, kind: 'inspection', title, author: owner.username };
      return { ...(await insert('reports', { ...row, created_by_id: owner.id })), title, interventionId };
    },
    reportTemplate: async (owner) => {
      // In a list of a hundred it stands among the first.
      const name = unique('!template');
      const row = { name, sections: '{summary,photos}', accent_colour: '#0a6b5c' };
      return { ...(await insert('report_templates', { ...row, created_by_id: owner.id })), name };
    },
  };
}
