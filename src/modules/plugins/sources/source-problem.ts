/** Why nothing could be got from a source. The message is for the administrator who asked, and names no secret. */
export class SourceProblem extends Error {
  override readonly name = 'SourceProblem';
}

/** What a package may be at most. */
export const packageBounds = {
  files: 5_000,
  /** Unpacked. */
  bytes: 50 * 1024 * 1024,
  packedBytes: 20 * 1024 * 1024,
  manifestBytes: 64 * 1024,
  /** Of a path within it. */
  pathLength: 200,
  ms: 60_000,
} as const;

const megabytes = (bytes: number): string => `${bytes / 1024 / 1024} MB`;

/** Counts what a package has, and throws SourceProblem once it is too much. */
export class PackageMeter {
  #files = 0;
  #bytes = 0;
  readonly #seen = new Map<string, string>();

  /** A file, by its path below the top, and its size. */
  add(path: string, sizeBytes: number): void {
    checkPath(path);
    // On a file system that knows no cases one would become the other.
    const folded = path.normalize('NFC').toLowerCase();
    const other = this.#seen.get(folded);
    if (other !== undefined) throw new SourceProblem(`${other} and ${path} have one name`);
    this.#seen.set(folded, path);
    this.#files += 1;
    this.#bytes += sizeBytes;
    if (this.#files > packageBounds.files) throw new SourceProblem(`it has more than ${packageBounds.files} files`);
    if (this.#bytes > packageBounds.bytes)
      throw new SourceProblem(`it has more than ${megabytes(packageBounds.bytes)} unpacked`);
  }
}

/** Throws SourceProblem for a path that is not plainly below the top. */
export function checkPath(path: string): void {
  const isPlain =
    path.length <= packageBounds.pathLength &&
    !/[\p{C}\\:]/u.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPlain) throw new SourceProblem(`it has a file with the path ${JSON.stringify(path.slice(0, 200))}`);
}

export const tooLargePacked = (): SourceProblem =>
  new SourceProblem(`it has more than ${megabytes(packageBounds.packedBytes)}`);
