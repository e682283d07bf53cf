import { failureOf, publicAgent, type PublicAgentOptions } from '../../lib/public-agent.js';

/** What came of one attempt. */
export interface Outcome {
  /** Undefined: no answer came. */
  status?: number;
  durationMs: number;
  /** Beginning of the answer. */
  body?: string;
  retryAfter?: string | undefined;
  answerHeaders?: Readonly<Record<string, string | string[] | undefined>>;
  /** Why it did not arrive; undefined: it did. */
  error?: string;
}

export interface Sender {
  /** Never throws for what goes wrong on the way. Undefined: `stopping` was aborted before it ended. */
  post: (url: string, message: Message) => Promise<Outcome | undefined>;
  close: () => Promise<void>;
}

/** What is posted. */
export interface Message {
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Of a whole attempt, from the look-up of the name to the last byte that is read. */
  timeoutMs: number;
  stopping: AbortSignal;
}

export type SenderOptions = Pick<PublicAgentOptions, 'allowPrivate' | 'addressesOf'>;

/** No attempt may take longer. */
const longestMs = 30_000;

/** Of an answer, at most; the rest is not read. */
const readBytes = 4_096;
const keptCharacters = 1_000;

/**
 * Sends webhooks. An address that is not public is refused when the connection is made, whatever the name led to
 * before; redirects are not followed.
 */
export function openSender(options: SenderOptions): Sender {
  const { request, close } = publicAgent({ ...options, timeoutMs: longestMs });
  return {
    post: async (url, { headers, body, timeoutMs, stopping }) => {
      const startedMs = performance.now();
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
      const durationMs = (): number => Math.round(performance.now() - startedMs);
      try {
        const answer = await request(url, {
          method: 'POST',
          signal,
          headers,
          body,
        });
        const text = await beginningOf(answer.body);
        const { statusCode: status } = answer;
        const retryAfter = answer.headers['retry-after'];
        return {
          status,
          durationMs: durationMs(),
          body: text,
          retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
          answerHeaders: answer.headers,
          ...((status < 200 || status > 299) && { error: `Answered ${status}` }),
        };
      } catch (error) {
        if (stopping.aborted) return undefined;
        return {
          durationMs: durationMs(),
          error: signal.aborted ? `No answer within ${timeoutMs} ms` : failureOf(error),
        };
      }
    },
    close,
  };
}

/** As text for the database. An answer that breaks off or drips past the time limit counts by what came. */
async function beginningOf(body: AsyncIterable<Buffer> & { destroy: () => unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      if ((size += chunk.length) >= readBytes) break;
    }
  } catch {
    body.destroy();
  }
  const text = Buffer.concat(chunks).subarray(0, readBytes).toString('utf8');
  return [...text.replaceAll('\0', '\uFFFD')].slice(0, keptCharacters).join('');
}
