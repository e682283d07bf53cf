/**
 * How much is read for answers, which are made in memory. Costs count fields; what a field holds may be a hundred
 * thousand times as long.
 */
import { answerTooLarge, maxAnswerBytes } from '../lib/answer-size.js';
import { DomainError } from '../lib/errors.js';
import { FairTurns } from '../lib/fair-turns.js';

/**
 * Bytes of all answers of one person, or of one address without any, that are being made or not read yet: of what was
 * read for each, or of the answer where that is longer.
 */
export const maxUnderWayBytes = 64 * 1024 * 1024;
/** Of the answer to one event of a subscription, which waits for each of its slow clients. */
export const maxEventBytes = 4 * 1024 * 1024;

/** So many must be free before a long text is read: what does not fit is not read at all. */
const longReadBytes = 4 * 1024 * 1024;

/** A person's number, or an address. */
type Holder = number | string | undefined;

/** What is under way in this process. */
export class AnswersUnderWay {
  /** Statements that read long texts: few at a time, and one of a person's, so that others find a connection. */
  readonly longReads = new FairTurns({ atOnce: 2, eachAtOnce: 1 });
  readonly #bytes = new Map<Holder, number>();

  /** Of one request, to be closed when its answer is out. */
  open(): AnswerBudget {
    return new AnswerBudget(maxAnswerBytes, this);
  }

  /** Whether that many more may be under way; adds them then. */
  add(holder: Holder, bytes: number): boolean {
    const sum = (this.#bytes.get(holder) ?? 0) + bytes;
    if (sum > maxUnderWayBytes) return false;
    if (sum > 0) this.#bytes.set(holder, sum);
    else this.#bytes.delete(holder);
    return true;
  }

  /** Whether a statement that reads long texts may still be sent. */
  hasRoom(holder: Holder): boolean {
    return (this.#bytes.get(holder) ?? 0) + longReadBytes <= maxUnderWayBytes;
  }
}

/** What was charged for an operation reads so many cells of rows a point; those that keep an order are among them. */
const cellsPerPoint = 10;
/** Of one operation: as many as the costliest one that is admitted has charged for. */
const mostCells = 250_000;

/** What one operation after the other of a request has read. */
export class AnswerBudget {
  #bytes = 0;
  #cells = 0;
  #paid: { points: number; charge: (points: number) => void } | undefined;
  #refusal: DomainError | undefined;
  #holder: Holder;
  #underWay: AnswersUnderWay | undefined;

  constructor(
    readonly maxBytes: number = maxAnswerBytes,
    underWay?: AnswersUnderWay,
  ) {
    this.#underWay = underWay;
  }

  /** So many points were charged for what is read from now on; for what is read beyond, `charge` is called. */
  meter(points: number, charge: (points: number) => void): void {
    this.#cells = 0;
    this.#paid = { points, charge };
  }

  /** Counts cells that were read: lists may be longer than they usually are. Throws BAD_USER_INPUT for too many. */
  countCells(cells: number): void {
    if (!this.#paid) return;
    this.#cells += cells;
    const owed = Math.ceil(this.#cells / cellsPerPoint) - this.#paid.points;
    if (owed <= 0) return;
    this.#paid.points += owed;
    this.#paid.charge(owed);
    if (this.#cells > mostCells) this.#refuse(readsTooMuch());
  }

  /** Whether something was refused: nothing more is read. */
  get isExceeded(): boolean {
    return this.#refusal !== undefined;
  }

  /** Throws again what `take` or `readLong` threw: nothing more needs to be read. */
  check(): void {
    if (this.#refusal) throw this.#refusal;
  }

  /** Runs a statement that reads long texts in its turn. Throws RATE_LIMITED where too much is under way. */
  readLong<T>(holder: Holder, read: () => Promise<T>): Promise<T> {
    const inTurn = (): Promise<T> => {
      this.check();
      if (this.#underWay?.hasRoom(holder) === false) this.#refuse(tooMuchUnderWay());
      return read();
    };
    return this.#underWay ? this.#underWay.longReads.take(holder, inTurn) : inTurn();
  }

  /** Throws BAD_USER_INPUT when the answer gets too large, RATE_LIMITED when too much is under way. */
  take(holder: Holder, bytes: number): void {
    if (bytes === 0) return;
    this.check();
    this.#holder = holder;
    if (this.#underWay?.add(holder, bytes) === false) this.#refuse(tooMuchUnderWay());
    this.#bytes += bytes;
    if (this.#bytes > this.maxBytes) this.#refuse(answerTooLarge(this.maxBytes));
  }

  /**
   * Takes what an answer has beyond what was read for it: one text may stand in it by many names. Throws as `take`.
   */
  cover(holder: Holder, bytes: number): void {
    this.take(holder, Math.max(0, bytes - this.#bytes));
  }

  /** What was read before is for no answer any more: another operation begins, or the same by another way. */
  restart(): void {
    this.#underWay?.add(this.#holder, -this.#bytes);
    this.#bytes = 0;
    this.#refusal = undefined;
  }

  /** Nothing of the answer is under way any more. What is still read, for a client that has gone, counts for itself. */
  close(): void {
    this.restart();
    this.#underWay = undefined;
  }

  /** What was read is for no answer any more. */
  #refuse(error: DomainError): never {
    this.restart();
    this.#refusal = error;
    throw error;
  }
}

const readsTooMuch = (): DomainError =>
  new DomainError('BAD_USER_INPUT', 'The lists in this operation have too many rows: ask for fewer, or fewer fields', {
    reason: 'reads_too_much',
    details: { maxCells: mostCells },
  });

const retryAfterSeconds = 5;

const tooMuchUnderWay = (): DomainError =>
  new DomainError('RATE_LIMITED', 'Too much is being answered already: read those answers first', {
    reason: 'answers_under_way',
    details: { retryAfterSeconds, maxBytes: maxUnderWayBytes },
  });

/** Shorter texts have about as many bytes as characters. */
const longText = 1_000;

/** Of the cells of rows, as text. */
export function bytesOf(rows: readonly (readonly unknown[])[]): number {
  let bytes = 0;
  for (const row of rows)
    for (const cell of row)
      if (typeof cell === 'string') bytes += cell.length > longText ? Buffer.byteLength(cell) : cell.length;
  return bytes;
}

/** A result as JSON, or the error that it is too long. */
export function resultText(result: object): string {
  const text = `${JSON.stringify(result)}\n`;
  if (text.length <= maxAnswerBytes) return text;
  const { message, extensions } = answerTooLarge();
  return `${JSON.stringify({ errors: [{ message, extensions }], data: null })}\n`;
}
