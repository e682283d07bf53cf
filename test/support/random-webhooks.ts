import type { FieldworkFilling } from './random-fieldwork.js';

type Row = Record<string, unknown>;

/** Webhooks of people, with what was and is to be sent to them. */
export async function fillWebhooks({ random, insert, text, moment, people }: FieldworkFilling): Promise<void> {
  const { pick, chance } = { pick: random.pick.bind(random), chance: random.chance.bind(random) };
  const maybe = <T>(make: () => T, share = 0.6): T | null => (chance(share) ? make() : null);
  const rows = (count: number, make: (id: number) => Row): Row[] =>
    Array.from({ length: count }, (_, i) => ({ id: i + 1, ...make(i + 1) }));
  const endpoints = 25;
  await insert(
    'webhook_endpoints',
    rows(endpoints, () => {
      const format = pick(['log', 'documented', 'query']);
      const hasHeaders = chance(0.3);
      const isDisabled = chance(0.2);
      return {
        uuid: random.uuid(),
        owner_id: random.int(1, people),
        name: text(),
        description: pick(['', text()]),
        url: 'https://example.org/hook',
        events: pick([['*'], ['user.*', text()]]),
        format,
        conditions: pick([
          [],
          [{ field: 'data.é', operator: 'equals', value: pick([{ a: null }, 'é', 1e300, [true]]) }],
        ]),
        resource_ids: pick([[], [text(), '1']]),
        payload_query: format === 'query' ? text() : null,
        header_names: hasHeaders ? ['X-Key'] : [],
        header_values: hasHeaders ? 'sealed' : null,
        secret: 'sealed',
        max_attempts: maybe(() => 3),
        retry_delay_seconds: maybe(() => 60),
        timeout_seconds: 10,
        max_per_minute: maybe(() => 60),
        is_active: isDisabled ? false : chance(0.8),
        disabled_reason: isDisabled ? pick(['gone', 'failing']) : null,
        disabled_at: isDisabled ? moment() : null,
        failing_since: maybe(moment),
        paused_at: maybe(moment, 0.2),
        delivered_count: random.int(0, 9),
        failed_count: 0,
        last_attempt_at: maybe(moment),
        created_at: moment(),
        updated_at: moment(),
      };
    }),
  );
  await insert(
    'webhook_replays',
    Array.from({ length: 20 }, (_, i) => {
      const status = i < 5 ? 'running' : pick(['done', 'cancelled']);
      return {
        id: random.uuid(),
        // One at a time runs of each.
        endpoint_id: i < 5 ? i + 1 : random.int(1, endpoints),
        since: moment(),
        status,
        total: 9,
        done: random.int(0, 9),
        after_id: 0,
        last_id: 9,
        created_at: moment(),
        finished_at: status === 'running' ? null : moment(),
      };
    }),
  );
  const deliveries = rows(60, (id) => {
    const kind = pick(['event', 'replay', 'test']);
    const status = pick(['pending', 'delivered', 'failed']);
    return {
      endpoint_id: random.int(1, endpoints),
      message_id: String(id),
      kind,
      event_position: kind === 'test' ? null : pick([id, '9007199254740993']),
      event_type: pick(['user.login', text()]),
      resource: 'User:1',
      body: text(),
      status,
      attempts: random.int(0, 8),
      next_attempt_at: status === 'pending' ? moment() : null,
      finished_at: status === 'pending' ? null : moment(),
      request_url: maybe(() => 'https://example.org/hook'),
      request_headers: pick([[], [{ name: 'webhook-id', value: text() }]]),
      response_headers: pick([[], [{ name: 'server', value: text() }]]),
      response_status: maybe(() => 500),
      response_ms: maybe(() => 12),
      response_body: maybe(text),
      error: maybe(text),
      first_attempt_at: maybe(moment),
      last_attempt_at: maybe(moment),
      created_at: moment(),
    };
  });
  // An endpoint has an event once.
  const seen = new Set<string>();
  await insert(
    'webhook_deliveries',
    deliveries.filter(({ kind, endpoint_id: endpoint, event_position: position }: Row) => {
      const key = `${String(endpoint)}:${String(position)}`;
      return kind !== 'event' || (!seen.has(key) && seen.add(key));
    }),
  );
}
