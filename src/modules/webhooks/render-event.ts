import type { SqlRunner } from '../../db/sql-client.js';
import type { StoredEvent } from '../../events/catalog.js';
import { type EventMessage, eventMessage } from '../../events/event-message.js';
import type { Services } from '../../kernel/context.js';
import type { DocumentedEvent } from '../../kernel/event-payloads.js';
import type { SignedIn } from '../../kernel/viewer.js';
import { allHold, type Condition } from './condition.js';
import { WebhookFormat } from './webhook-endpoint.entity.js';

/** An endpoint as an event is put into its form. */
export interface Subscriber {
  id: number;
  owner: SignedIn;
  format: WebhookFormat;
  payloadQuery: string | null;
  conditions: readonly Condition[];
  /** Empty: all. */
  resourceIds: readonly string[];
}

/** The owner as the viewer who is told: what they do by hand needs no more. */
export const ownerAsViewer = (userId: number, permissions: readonly string[]): SignedIn => ({
  userId,
  permissions: new Set(permissions),
  scopes: new Set(['read']),
  credential: { kind: 'none' },
});

/** What a body stands on that only its making asked about: the rights that the owner's own query was answered with. */
export const rightsOfBody = ({ format, owner }: Subscriber): string[] | null =>
  format === WebhookFormat.QUERY ? [...owner.permissions] : null;

/** A body beyond it says so instead: receivers refuse what is larger. */
const longestBody = 256 * 1024;

/** Puts one event into the forms of its subscribers, asking once for each person. */
export class EventRenderer {
  readonly #services: Services;
  readonly #db: SqlRunner;
  readonly #event: StoredEvent;
  readonly #hearing = new Map<number, Promise<boolean>>();
  readonly #documented = new Map<number, ReturnType<Services['eventPayloads']['document']>>();

  /** `db` outside of a transaction: the rows are read on other connections. */
  constructor(services: Services, db: SqlRunner, event: StoredEvent) {
    this.#services = services;
    this.#db = db;
    this.#event = event;
  }

  /**
   * The exact body for a subscriber; undefined when their owner may not hear of the event, or does not want it. Throws
   * when it cannot be read.
   */
  async bodyFor(subscriber: Subscriber): Promise<string | undefined> {
    if (!this.#isWanted(subscriber, this.#event.subjectId) && subscriber.format !== WebhookFormat.DOCUMENTED)
      return undefined;
    const message = await this.#messageFor(subscriber);
    if (message === undefined || !allHold(subscriber.conditions, message)) return undefined;
    const body = JSON.stringify(message);
    return subscriber.format === WebhookFormat.QUERY && body.length > longestBody ? this.#tooLong() : body;
  }

  #isWanted({ resourceIds }: Subscriber, id: string): boolean {
    return resourceIds.length === 0 || resourceIds.includes(id);
  }

  async #messageFor(subscriber: Subscriber): Promise<EventMessage | DocumentedEvent | undefined> {
    const { owner, format, payloadQuery } = subscriber;
    if (format === WebhookFormat.DOCUMENTED) {
      const found = await this.#documentedFor(owner);
      if ('missing' in found) return undefined;
      const { message } = found;
      const isWanted =
        this.#isWanted(subscriber, message.resource_id) || this.#isWanted(subscriber, this.#event.subjectId);
      return isWanted ? message : undefined;
    }
    if (!(await this.#mayHear(owner))) return undefined;
    const message = eventMessage(this.#event);
    if (format === WebhookFormat.LOG) return message;
    const payload = await this.#services.eventPayloads.query(payloadQuery ?? '', this.#event, owner);
    return { ...message, ...(payload as { data: object }) };
  }

  #documentedFor(owner: SignedIn): ReturnType<Services['eventPayloads']['document']> {
    const known = this.#documented.get(owner.userId) ?? this.#services.eventPayloads.document(this.#event, owner);
    this.#documented.set(owner.userId, known);
    return known;
  }

  #mayHear(owner: SignedIn): Promise<boolean> {
    const known = this.#hearing.get(owner.userId) ?? this.#services.mayHear(this.#db, this.#event, owner);
    this.#hearing.set(owner.userId, known);
    return known;
  }

  #tooLong(): string {
    const errors = [{ message: `The answer is larger than ${longestBody} bytes: ask for fewer rows or fields` }];
    return JSON.stringify({ ...eventMessage(this.#event), data: null, errors });
  }
}
