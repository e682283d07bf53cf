import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import type { SqlRunner } from '../db/sql-client.js';
import type { Browser, Context, Reader, RequestNotes, Services } from '../kernel/context.js';
import type { Loaders, LoaderScope } from '../kernel/loaders.js';
import type { ReadModel } from '../kernel/read-model.js';
import { nobody, type Viewer } from '../kernel/viewer.js';
import { DomainError } from '../lib/errors.js';
import { memoized } from '../lib/memoized.js';
import { traceFields } from '../lib/trace-context.js';
import type { CredentialCache } from '../modules/identity/sessions/credential-cache.js';
import {
  type ResolvedCredential,
  noteUse,
  type RequestCredential,
  resolveCredential,
  wasValid,
} from '../modules/identity/sessions/resolve-viewer.js';
import { AnswerBudget, bytesOf } from './answer-budget.js';
import type { OwnWrites } from './own-writes.js';
import type { PlanCompiler } from './reader/compile.js';
import type { EntityShapes } from './reader/metadata.js';
import { makeReader, type ReadSources } from './reader/reader.js';
import { Parameters, type ReadStatement } from './reader/sql.js';

/** What is known of a request before anything is read. */
export interface RequestFacts {
  credential: RequestCredential | undefined;
  requestId: string;
  ip: string | undefined;
  userAgent: string | undefined;
  signal?: AbortSignal;
  browser?: Browser;
  /** Default: false. */
  isConfirmed?: boolean;
  /** Shared with whoever writes the request's line into the log. */
  notes?: RequestNotes;
}

export interface ContextMaker {
  /** Throws UNAUTHENTICATED when the request has a credential that does not hold. */
  (facts: RequestFacts): Promise<Context>;
  /** `refresh`: of the context that this one continues; by default the credential of `facts` is resolved again. */
  forViewer: (viewer: Viewer, facts: RequestFacts, refresh?: Context['refresh']) => Context;
  /** Whether a credential that does not hold once did: its client has to get a fresh one, and may try again. */
  hasEnded: (credential: RequestCredential) => Promise<boolean>;
}

export interface ContextMakerOptions {
  database: Database;
  compiler: PlanCompiler;
  services: Services;
  credentials: CredentialCache;
  /** undefined: nobody has to be sent to the primary for what they changed. */
  ownWrites: OwnWrites | undefined;
  /** Makes the loaders of one request. */
  loadersFor: (scope: LoaderScope) => Loaders;
  log: Logger;
}

export function contextMaker({
  database,
  compiler,
  services,
  credentials,
  ownWrites,
  loadersFor,
  log,
}: ContextMakerOptions): ContextMaker {
  const noCredential: ResolvedCredential = { viewer: nobody, endsAtMs: Infinity, usedAtMs: Infinity };
  /** Throws UNAUTHENTICATED. */
  const resolve = async (credential: RequestCredential | undefined, now: Date): Promise<ResolvedCredential> => {
    if (!credential) return noCredential;
    const resolved = await credentials.find(credential, now, () =>
      resolveCredential(credential, database.readPrimary, services.accessTokens, now),
    );
    if (resolved) return resolved;
    const isExpired = 'bearer' in credential && services.accessTokens.isExpired(credential.bearer, now);
    throw new DomainError('UNAUTHENTICATED', 'The credential is wrong, expired or revoked', {
      reason: 'bad_credential',
      ...(isExpired && { details: { expired: true } }),
    });
  };
  const refresh = async (credential: RequestCredential | undefined): ReturnType<Context['refresh']> => {
    const { viewer, endsAtMs } = await resolve(credential, services.now());
    return { viewer, endsAtMs, isVisible: visibilityCheck(viewer, compiler.shapes, database.readPrimary) };
  };
  const parts: ContextParts = { database, compiler, services, ownWrites, loadersFor, log, refresh };
  const forViewer: ContextMaker['forViewer'] = (viewer, facts, refreshOfBase) =>
    new RequestContext(viewer, facts, parts, refreshOfBase);
  const make = async (facts: RequestFacts): Promise<Context> => {
    const now = services.now();
    const resolved = await resolve(facts.credential, now);
    const { credential } = resolved.viewer;
    if (credential.kind === 'api_key') services.apiKeyUsage.count(credential.keyId, 'requests');
    await noteUse(database.client, resolved, now);
    return forViewer(resolved.viewer, facts);
  };
  const hasEnded: ContextMaker['hasEnded'] = (credential) =>
    wasValid(credential, database.readPrimary, services.accessTokens, services.now());
  return Object.assign(make, { forViewer, hasEnded });
}

/** Whether the viewer may see the row of a model with this id, as of now. */
export const visibilityCheck =
  (viewer: Viewer, shapes: EntityShapes, read: (text: string, values: unknown[]) => Promise<readonly unknown[]>) =>
  async (model: ReadModel, id: string): Promise<boolean> => {
    const shape = shapes.get(model.entity.name);
    if (!shape) return false;
    const parameters = new Parameters();
    const visible = model.visibleTo(viewer)('t', parameters.bind);
    const isSame = `t.id = ${parameters.bind(id)}::${shape.keyType}`;
    const found = await read(`select 1 from ${shape.table} t where ${isSame} and (${visible})`, parameters.values);
    return found.length > 0;
  };

/** Rows that many get are measured once. */
const sizeOfShared = memoized(bytesOf);

interface ContextParts extends Omit<ContextMakerOptions, 'credentials'> {
  refresh: (credential: RequestCredential | undefined) => ReturnType<Context['refresh']>;
}

/**
 * Made for every request, so that what only some of them need is made on first use. Not to be spread: the getters are
 * the class's. Apollo copies it with its prototype; the copy shares what was made.
 */
class RequestContext implements Context {
  readonly requestId: string;
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  readonly isConfirmed: boolean;
  readonly services: Services;
  readonly notes: RequestNotes;
  readonly signal?: AbortSignal;
  readonly browser?: Browser;
  readonly refresh: Context['refresh'];
  private readonly parts: ContextParts;
  private readonly lazy: { read?: Reader; load?: Loaders; log?: { operation: string | undefined; logger: Logger } } =
    {};

  constructor(
    readonly viewer: Viewer,
    facts: RequestFacts,
    parts: ContextParts,
    refresh?: Context['refresh'],
  ) {
    this.requestId = facts.requestId;
    this.ip = facts.ip;
    this.userAgent = facts.userAgent;
    this.isConfirmed = facts.isConfirmed ?? false;
    this.services = parts.services;
    this.notes = facts.notes ?? {};
    this.notes.userId = viewer.userId;
    if (viewer.credential.kind === 'api_key') this.notes.apiKeyId = viewer.credential.keyId;
    if (facts.signal) this.signal = facts.signal;
    if (facts.browser) this.browser = facts.browser;
    this.refresh = refresh ?? (() => parts.refresh(facts.credential));
    this.parts = parts;
  }

  get db(): Context['db'] {
    return this.parts.database.client;
  }

  get shortReads(): SqlRunner {
    return this.parts.database.shortReads;
  }

  get read(): Reader {
    return (this.lazy.read ??= this.readAs(this.viewer));
  }

  get load(): Loaders {
    return (this.lazy.load ??= this.parts.loadersFor(this));
  }

  get log(): Logger {
    const { operation, trace } = this.notes;
    const { userId } = this.viewer;
    // What was logged before the operation was known had no name to show.
    if (this.lazy.log?.operation !== operation) delete this.lazy.log;
    this.lazy.log ??= {
      operation,
      logger: this.parts.log.child({
        requestId: this.requestId,
        ...(userId !== undefined && { userId }),
        ...(operation !== undefined && { operation }),
        ...traceFields(trace),
      }),
    };
    return this.lazy.log.logger;
  }

  readAs(viewer: Viewer): Reader {
    const { compiler, database, ownWrites } = this.parts;
    const sources = ownWrites?.sourcesFor(viewer.userId) ?? database;
    return makeReader(compiler, viewer, new CountedSources(this, sources, database.readShared));
  }

  async noteChange(): Promise<void> {
    await this.parts.ownWrites?.note(this.viewer.userId);
  }
}

type Statement = [text: string, values: readonly unknown[]];

/** The sources of a request, with what is read of rows taken from its answer's budget. */
class CountedSources implements ReadSources {
  constructor(
    private readonly context: Pick<Context, 'viewer' | 'ip' | 'notes'>,
    private readonly sources: Omit<ReadSources, 'readShared'>,
    private readonly shared: ReadStatement,
  ) {}

  read(...statement: Statement): ReturnType<ReadStatement> {
    return this.#counted(this.sources.read, statement);
  }

  readPrimary(...statement: Statement): ReturnType<ReadStatement> {
    return this.#counted(this.sources.readPrimary, statement);
  }

  readSlow(...statement: Statement): ReturnType<ReadStatement> {
    return this.#counted(this.sources.readSlow, statement);
  }

  readLong(...statement: Statement): ReturnType<ReadStatement> {
    return this.#budget.readLong(this.#holder, () => this.#counted(this.sources.readLong, statement));
  }

  readLongPrimary(...statement: Statement): ReturnType<ReadStatement> {
    return this.#budget.readLong(this.#holder, () => this.#counted(this.sources.readPrimary, statement));
  }

  count(...statement: Statement): ReturnType<ReadStatement> {
    return this.sources.count(...statement);
  }

  readShared(...statement: Statement): ReturnType<ReadStatement> {
    return this.#counted(this.shared, statement, sizeOfShared);
  }

  countCells(cells: number): void {
    this.context.notes.answer?.countCells(cells);
  }

  get #budget(): AnswerBudget {
    return (this.context.notes.answer ??= new AnswerBudget());
  }

  get #holder(): number | string | undefined {
    return this.context.viewer.userId ?? this.context.ip;
  }

  async #counted(source: ReadStatement, [text, values]: Statement, sizeOf = bytesOf): ReturnType<ReadStatement> {
    const budget = this.#budget;
    budget.check();
    const rows = await source(text, values);
    budget.take(this.#holder, sizeOf(rows));
    budget.countCells(rows.length * (rows[0]?.length ?? 0));
    return rows;
  }
}
