import type { Random } from './random.js';

type Row = Record<string, unknown>;

export interface FieldworkFilling {
  random: Random;
  insert: (table: string, rows: readonly Row[]) => Promise<void>;
  text: () => string;
  moment: () => string;
  /** How many people there are, numbered from 1. */
  people: number;
}

/** Rows of the firm's work at its clients. Returns their keys. */
export async function fillFieldwork({ random, insert, text, moment, people }: FieldworkFilling): Promise<string[]> {
  const { pick, chance } = { pick: random.pick.bind(random), chance: random.chance.bind(random) };
  const maybe = <T>(make: () => T, share = 0.6): T | null => (chance(share) ? make() : null);
  const person = (): number => random.int(1, people);
  const keys = (count: number): string[] => Array.from({ length: count }, () => random.uuid());
  const versioned = (): Row => ({
    version: random.int(1, 3),
    created_at: moment(),
    updated_at: moment(),
    deleted_at: maybe(moment, 0.15),
  });
  const place = (): Row =>
    chance(0.5) ? { latitude: '48.856614', longitude: '-179.999999' } : { latitude: null, longitude: null };

  const clients = keys(8);
  await insert(
    'clients',
    clients.map((id, i) => ({
      id,
      name: text() || ' ',
      company_name: maybe(text),
      email: maybe(() => `c${i}@example.org`),
      phone: maybe(() => '+33 (0)6.12-34'),
      address: maybe(text),
      contact_name: maybe(text),
      notes: maybe(text),
      status: pick(['active', 'inactive', 'prospect']),
      created_by_id: maybe(person),
      anonymized_at: maybe(moment, 0.1),
      ...versioned(),
    })),
  );
  const contracts = keys(6);
  await insert(
    'maintenance_contracts',
    contracts.map((id) => ({
      id,
      client_id: pick(clients),
      title: text() || ' ',
      kind: pick(['inspection', 'maintenance', 'other']),
      description: maybe(text),
      location: maybe(text),
      technician: maybe(text),
      technician_user_id: maybe(person),
      frequency: pick(['daily', 'weekly', 'monthly', 'yearly']),
      interval: random.int(1, 366),
      start_date: pick(['0001-01-01', '2024-02-29']),
      end_date: maybe(() => '9999-12-31'),
      visit_time: pick(['00:00', '23:59:59.5', '09:00']),
      visit_minutes: random.int(5, 1440),
      time_zone: pick(['Europe/Paris', 'Pacific/Kiritimati']),
      horizon_days: random.int(1, 366),
      is_active: chance(0.5),
      next_visit: maybe(() => '2026-02-28'),
      created_by_id: maybe(person),
      ...versioned(),
    })),
  );
  const interventions = keys(20);
  await insert(
    'interventions',
    interventions.map((id, i) => {
      const signed = maybe(moment);
      return {
        id,
        client_id: pick(clients),
        scheduled_at: moment(),
        kind: pick(['inspection', 'detection', 'repair', 'maintenance', 'other']),
        status: pick(['planned', 'in_progress', 'validated', 'archived']),
        priority: pick(['low', 'normal', 'high', 'urgent']),
        location: maybe(text),
        description: maybe(text),
        technician: maybe(text),
        technician_user_id: maybe(person),
        estimated_minutes: maybe(() => random.int(1, 100_000)),
        ...place(),
        started_at: maybe(moment),
        contract_id: i < contracts.length ? contracts[i] : null,
        contract_day: i < contracts.length ? '2024-02-29' : null,
        follows_id: i > 3 ? maybe(() => interventions[random.int(0, 3)], 0.3) : null,
        signatory_name: signed && text(),
        signed_at: signed,
        signature_key: signed && 'k',
        created_by_id: maybe(person),
        ...versioned(),
      };
    }),
  );
  const parts = await fillParts({ random, insert, text, moment, people }, interventions, place);
  const appointments = keys(20);
  await insert(
    'appointments',
    appointments.map((id, i) => {
      // Each on a day of its own: what takes time must not collide.
      const starts = Date.UTC(2026, 0, 1 + i, 9, 30);
      const at = (minutes: number): string => new Date(starts + minutes * 60_000).toISOString();
      return {
        id,
        client_id: pick(clients),
        intervention_id: maybe(() => pick(interventions)),
        starts_at: at(0),
        ends_at: at(45),
        blocked_until: at(60),
        status: pick(['planned', 'confirmed', 'cancelled', 'done']),
        technician: maybe(text),
        technician_user_id: maybe(person),
        notes: maybe(text),
        color: maybe(() => '#00ffAA'),
        reminder_hours: maybe(() => random.int(0, 8760)),
        sequence: random.int(0, 3),
        confirmed_by_client_at: maybe(moment),
        move_requested_at: maybe(moment),
        move_request: maybe(text),
        cancelled_at: maybe(moment),
        created_by_id: maybe(person),
        ...versioned(),
      };
    }),
  );
  const feeds = keys(6);
  await insert(
    'calendar_feeds',
    feeds.map((id) => ({
      id,
      owner_id: person(),
      technician: maybe(text),
      secret_hash: id,
      secret: 's',
      created_at: moment(),
      last_read_at: maybe(moment),
    })),
  );
  const media = keys(20);
  await insert(
    'media',
    media.map((id) => ({
      id,
      intervention_id: pick(interventions),
      uploaded_by_id: maybe(person),
      kind: pick(['photo', 'video', 'audio', 'document', 'other']),
      status: pick(['processing', 'ready', 'error']),
      original_filename: text(),
      content_key: 'k',
      content_hash: 'h',
      file_size: pick(['0', '9007199254740991']),
      mime_type: text(),
      page_count: maybe(() => 1),
      width: maybe(() => random.int(1, 9)),
      height: maybe(() => random.int(1, 9)),
      duration_seconds: maybe(() => pick(['0.001', '999999999.999'])),
      description: maybe(text),
      annotations: maybe(text),
      tags: chance(0.5) ? [text(), text()] : [],
      taken_at: maybe(moment),
      ...place(),
      gps_accuracy: maybe(() => '0.01'),
      altitude: maybe(() => '-12.50'),
      device: maybe(text),
      capture_mode: maybe(text),
      exif: maybe(() => ({ 'a"b': [1, null, text()] })),
      ...versioned(),
    })),
  );
  const reports = keys(12);
  await insert(
    'reports',
    reports.map((id) => {
      const format = maybe(() => pick(['pdf', 'docx', 'csv']));
      const isValidated = chance(0.3);
      const status = isValidated ? 'validated' : pick(['draft', 'in_progress', 'generated', 'archived', 'failed']);
      return {
        id,
        intervention_id: pick(interventions),
        kind: pick(['inspection', 'intervention', 'maintenance', 'other']),
        status,
        generation_id: status === 'in_progress' ? random.uuid() : null,
        requested_by_id: maybe(person),
        title: text() || ' ',
        description: maybe(text),
        author: text(),
        created_by_id: maybe(person),
        content: maybe(() => ({ findings: [{ text: text(), n: 1.5 }] })),
        format,
        template: maybe(text),
        with_media: chance(0.5),
        with_places: chance(0.5),
        filename: format && text(),
        content_key: format && 'k',
        file_size: format && '9007199254740991',
        mime_type: format && text(),
        progress: random.int(0, 100),
        error: maybe(text),
        generated_at: format && moment(),
        validated_at: isValidated ? moment() : null,
        validated_by_id: isValidated ? person() : null,
        ...versioned(),
      };
    }),
  );
  const templates = keys(4);
  await insert(
    'report_templates',
    templates.map((id, i) => ({
      id,
      name: `${text()} ${i}`,
      kind: maybe(() => pick(['inspection', 'intervention', 'maintenance', 'other'])),
      title: maybe(text),
      introduction: maybe(text),
      closing: maybe(text),
      sections: chance(0.5) ? ['photos', 'summary'] : [],
      accent_colour: '#00ffaa',
      logo_key: maybe(() => 'k'),
      created_by_id: maybe(person),
      created_at: moment(),
      updated_at: moment(),
    })),
  );
  const fieldwork = [...clients, ...contracts, ...interventions, ...parts, ...appointments, ...feeds];
  return [...fieldwork, ...media, ...reports, ...templates];
}

/** What belongs to interventions. Returns their keys. */
async function fillParts(
  { random, insert, text, moment, people }: FieldworkFilling,
  interventions: readonly string[],
  place: () => Row,
): Promise<string[]> {
  const { pick, chance } = { pick: random.pick.bind(random), chance: random.chance.bind(random) };
  const maybe = <T>(make: () => T, share = 0.6): T | null => (chance(share) ? make() : null);
  const person = (): number => random.int(1, people);
  const states = ['planned', 'in_progress', 'validated', 'archived'];
  await insert(
    'intervention_status_changes',
    Array.from({ length: 40 }, (_, i) => ({
      id: i + 1,
      intervention_id: pick(interventions),
      from_status: maybe(() => pick(states)),
      to_status: pick(states),
      comment: maybe(text),
      changed_by_id: maybe(person),
      changed_at: moment(),
    })),
  );
  await insert(
    'intervention_technicians',
    interventions.slice(0, 8).flatMap((intervention_id, i) => [
      { id: 2 * i + 1, intervention_id, position: 1, name: text() || ' ', user_id: 1 + (i % people) },
      { id: 2 * i + 2, intervention_id, position: 2, name: text() || ' ', user_id: null },
    ]),
  );
  const part = (): Row => ({ id: random.uuid(), intervention_id: pick(interventions), created_by_id: maybe(person) });
  const items = Array.from({ length: 20 }, (_, i): Row => {
    const doneAt = maybe(moment);
    return {
      ...part(),
      position: i + 1,
      label: text() || ' ',
      note: maybe(text),
      is_done: doneAt !== null,
      done_at: doneAt,
      done_by_id: doneAt && maybe(person),
    };
  });
  await insert('checklist_items', items);
  const entries = Array.from({ length: 20 }, (): Row => ({
    ...part(),
    technician: text() || ' ',
    technician_user_id: maybe(person),
    work_date: pick(['2024-02-29', '0001-01-01', '9999-12-31']),
    minutes: random.int(1, 1440),
    note: maybe(text),
    created_at: moment(),
  }));
  await insert('work_entries', entries);
  const used = Array.from({ length: 20 }, (): Row => ({
    ...part(),
    reference: maybe(text),
    label: text() || ' ',
    quantity: pick(['0.001', '999999999.999', '2']),
    unit_price: maybe(() => pick(['0.00', '0.05', '999.99'])),
    created_at: moment(),
  }));
  await insert('used_parts', used);
  const inspections = Array.from({ length: 20 }, (): Row => ({
    ...part(),
    kind: pick(['visual', 'tracer_gas', 'other']),
    status: pick(['planned', 'done']),
    result: maybe(text),
    observations: maybe(text),
    ...place(),
    inspected_at: moment(),
    created_at: moment(),
  }));
  await insert('inspections', inspections);
  return [...items, ...entries, ...used, ...inspections].map(({ id }) => String(id));
}
