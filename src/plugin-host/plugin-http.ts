import { failureOf, publicAgent, type PublicAgentOptions } from '../lib/public-agent.js';
import type { HttpRequest, HttpResponse } from './plugin-process.js';

export interface PluginHttp {
  /** Rejects with an Error whose message the plugin may see. Redirects are answered as they are, not followed. */
  send: (asked: HttpRequest, options?: { signal?: AbortSignal }) => Promise<HttpResponse>;
  close: () => Promise<void>;
}

/** Of a whole request, from the look-up of the name to the last byte. */
const longestMs = 10_000;
const longestBody = 2 ** 20;

/** The connection's own, or what would make one request into two. */
const ours = /^(host|connection|content-length|transfer-encoding|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;

/** Requests of plugins to hosts that were granted to them: https alone, to no address of ours. */
export function openPluginHttp(options: Pick<PublicAgentOptions, 'allowPrivate' | 'addressesOf'>): PluginHttp {
  const { request, close } = publicAgent({ ...options, timeoutMs: longestMs });
  return {
    send: async ({ url, method = 'GET', headers = {}, body }, { signal } = {}) => {
      const wrong = Object.keys(headers).find((name) => ours.test(name));
      if (wrong) throw new Error(`A plugin does not set the header ${wrong}`);
      const late = AbortSignal.timeout(longestMs);
      try {
        const answer = await request(url, {
          method: method as 'GET',
          headers: { 'user-agent': 'Passerelle', ...headers },
          signal: signal ? AbortSignal.any([late, signal]) : late,
          ...(body !== undefined && { body }),
        });
        return {
          status: answer.statusCode,
          headers: Object.fromEntries(
            Object.entries(answer.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
          ),
          body: await wholeOf(answer.body),
        };
      } catch (error) {
        if (error instanceof TooLong) throw error;
        throw new Error(late.aborted ? `No answer within ${longestMs} ms` : failureOf(error), { cause: error });
      }
    },
    close,
  };
}

class TooLong extends Error {}

async function wholeOf(body: AsyncIterable<Buffer> & { destroy: () => unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longestBody) throw new TooLong(`The answer is longer than ${longestBody} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}
