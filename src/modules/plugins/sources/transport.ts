import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { SourceProblem, packageBounds, tooLargePacked } from './source-problem.js';

export interface TransportRequest {
  url: URL;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: Uint8Array;
}

export interface TransportResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Asks over https, and follows no redirect by itself. Rejects with SourceProblem. */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;

export interface TransportOptions {
  signal: AbortSignal;
  /** Certificates of authorities beside those that Node trusts, PEM. */
  ca?: string;
  /** Told after each piece how many bytes came. */
  onBytes?: (bytes: number) => void;
  /** Largest answer. Default: that of a package. */
  limitBytes?: number;
}

export const httpsTransport =
  ({ signal, ca, onBytes, limitBytes = packageBounds.packedBytes }: TransportOptions): Transport =>
  async ({ url, method = 'GET', headers = {}, body }) => {
    if (url.protocol !== 'https:') throw new SourceProblem('only https is asked');
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const made = httpsRequest(
        url,
        { method, headers: { 'user-agent': 'passerelle', ...headers }, signal, ...(ca && { ca }) },
        resolve,
      );
      made.on('error', (error) => reject(signal.aborted ? error : new SourceProblem(`${url.host}: ${error.message}`)));
      made.end(body);
    });
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > limitBytes) throw tooLargePacked();
        chunks.push(chunk);
        onBytes?.(chunk.length);
      }
    } finally {
      response.destroy();
    }
    return {
      status: response.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : (value ?? ''),
        ]),
      ),
      body: Buffer.concat(chunks),
    };
  };

/** The answer with status 200, after at most five redirects, each of which has to be allowed. Throws SourceProblem. */
export async function download(
  transport: Transport,
  start: URL,
  { isAllowed, headers = {} }: { isAllowed: (url: URL) => boolean; headers?: Readonly<Record<string, string>> },
): Promise<Buffer> {
  let url = start;
  for (let hops = 0; hops <= 5; hops += 1) {
    const { status, headers: answered, body } = await transport({ url, headers });
    if (status === 200) return body;
    const location = answered['location'];
    if (![301, 302, 303, 307, 308].includes(status) || !location || !URL.canParse(location, url.href))
      throw new SourceProblem(`${url.host} answers ${status}`);
    url = new URL(location, url);
    if (!isAllowed(url)) throw new SourceProblem(`it is redirected to ${url.host}, which is not allowed`);
  }
  throw new SourceProblem('it is redirected too often');
}
