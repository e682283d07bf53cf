/** Headers of the ustar format (POSIX.1-1988), so that `tar` reads our archives too. */
const blockBytes = 512;
const largest = 8 ** 11 - 1;

export interface TarEntry {
  name: string;
  sizeBytes: number;
}

/** The header of a plain file. Names are ours: ASCII, at most 255 characters. */
export function tarHeader({ name, sizeBytes }: TarEntry): Buffer {
  const header = Buffer.alloc(blockBytes);
  const cut = name.length <= 100 ? -1 : name.lastIndexOf('/', 155);
  if (name.length - cut - 1 > 100 || sizeBytes > largest) throw new Error(`${name} does not fit into the archive`);
  const octal = (value: number, width: number): string => value.toString(8).padStart(width - 1, '0');
  header.write(name.slice(cut + 1), 0);
  header.write(octal(0o600, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(sizeBytes, 12), 124);
  header.write(octal(0, 12), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  if (cut > 0) header.write(name.slice(0, cut), 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 7)}\u0000 `, 148);
  return header;
}

/** undefined: the end of the archive. Throws for what is no header. */
export function readTarHeader(header: Buffer): TarEntry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const text = (from: number, length: number): string =>
    header.toString('latin1', from, from + length).split('\u0000')[0] ?? '';
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  if (text(257, 5) !== 'ustar' || Number.parseInt(text(148, 8), 8) !== sum) throw new Error('it is no archive');
  const prefix = text(345, 155);
  return { name: prefix ? `${prefix}/${text(0, 100)}` : text(0, 100), sizeBytes: Number.parseInt(text(124, 12), 8) };
}

export const tarPadding = (sizeBytes: number): Buffer =>
  Buffer.alloc((blockBytes - (sizeBytes % blockBytes)) % blockBytes);

export const tarEnd = (): Buffer => Buffer.alloc(2 * blockBytes);

/** Takes bytes of a stream by number. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Throws when the stream ends before. */
  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.parts(count)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The same without holding all of it. */
  async *parts(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next();
        if (done) throw new Error('it ends too early');
        this.#rest = value;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Reads to the end, so that whatever checks the whole has seen it. */
  async finish(): Promise<void> {
    while (!(await this.#chunks.next()).done);
  }
}
