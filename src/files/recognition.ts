import { execFile } from 'node:child_process';
import type { Logger } from 'pino';

/** Reads the text in a picture of a page. */
export interface Recogniser {
  /** As the program tells it: `tesseract 5.3.0`. */
  version: string;
  languages: readonly string[];
  /**
   * The text as it was found, in NFC, without NUL. Rejects with `RecognitionFailed` for a picture that cannot be read
   * in time, and with an AbortError when `signal` ends it.
   */
  recognise: (page: PagePicture, options?: RecogniseOptions) => Promise<string>;
}

/** A PNG that we drew ourselves, or a page (from 1) of a TIFF file. See `recognise-file.ts` for why nothing else. */
export type PagePicture = { png: Uint8Array } | { tiffPath: string; pageNumber: number };

export interface RecogniseOptions {
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** The picture is at fault, or too slow. */
export class RecognitionFailed extends Error {
  override readonly name = 'RecognitionFailed';
}

export interface TesseractOptions {
  /** Path, or a name to look for in PATH. */
  program: string;
  /** All that the program gets of the environment: no secrets. */
  environment: Readonly<Record<string, string>>;
}

/** What a firm in France reads; of these, what is installed. */
const wantedLanguages = ['fra', 'eng'];
const maxOutputBytes = 16 * 1024 * 1024;

/**
 * Looks once for tesseract and its languages; undefined, with a line in the log that says why, when it cannot be used.
 */
export async function findTesseract(
  { program, environment }: TesseractOptions,
  log: Logger,
): Promise<Recogniser | undefined> {
  // One thread a page: more are slower when several processes recognise, and would starve the server.
  const env = { ...environment, OMP_THREAD_LIMIT: '1' };
  const run = (
    args: readonly string[],
    { timeoutMs = 10_000, signal, input }: RecogniseOptions & { input?: Uint8Array } = {},
  ): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = execFile(
        program,
        args,
        {
          env,
          timeout: timeoutMs,
          killSignal: 'SIGKILL',
          maxBuffer: maxOutputBytes,
          encoding: 'utf8',
          ...(signal && { signal }),
        },
        (error, stdout) => (error ? reject(error) : resolve(stdout)),
      );
      // It may end before it has read everything; its exit code tells.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });

  let version: string;
  let installed: string[];
  try {
    version = (await run(['--version'])).split('\n')[0] ?? '';
    installed = (await run(['--list-langs']))
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  } catch (error) {
    log.warn(
      { program, reason: (error as NodeJS.ErrnoException).code ?? 'failed' },
      'tesseract is not installed: text in pictures and scans is not recognised',
    );
    return undefined;
  }
  const languages = wantedLanguages.filter((language) => installed.includes(language));
  if (!languages.length) {
    log.warn(
      { program, installed },
      'tesseract has neither French nor English: text in pictures and scans is not recognised',
    );
    return undefined;
  }
  log.info({ program, version, languages }, 'tesseract recognises text in pictures and scans');
  // With the model for orientation, pages that lie on their side or upside down are turned.
  const options = ['-l', languages.join('+'), '--psm', installed.includes('osd') ? '1' : '3'];

  return {
    version,
    languages,
    recognise: async (page, { timeoutMs = 90_000, signal } = {}) => {
      const [source, input] = 'png' in page ? ['stdin', page.png] : [page.tiffPath, undefined];
      const only = 'png' in page ? [] : ['-c', `tessedit_page_number=${page.pageNumber - 1}`];
      try {
        const text = await run([source, 'stdout', ...options, ...only], { timeoutMs, signal, ...(input && { input }) });
        return text.replaceAll('\0', '').replaceAll('\f', '').normalize('NFC').toWellFormed();
      } catch (error) {
        if (signal?.aborted) throw error;
        throw new RecognitionFailed(
          `tesseract could not read the page: ${(error as { code?: unknown }).code ?? 'too slow'}`,
        );
      }
    },
  };
}
