import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { UsageError } from './names.js';

/**
 * The files of a work tree while a scaffold changes them. Nothing is written before `save`, so that a scaffold that
 * throws leaves the tree as it was. Edits look for plain marks in the text, and throw when a mark isn't there any more.
 */
export class Tree {
  readonly #texts = new Map<string, string>();
  readonly #created = new Set<string>();

  constructor(readonly root: string) {}

  find(pattern: string): string[] {
    return globSync(pattern, { cwd: this.root }).toSorted();
  }

  has(path: string): boolean {
    return this.#texts.has(path) || existsSync(join(this.root, path));
  }

  read(path: string): string {
    return this.#texts.get(path) ?? readFileSync(join(this.root, path), 'utf8');
  }

  /** Throws a UsageError when there is such a file already. */
  create(path: string, text: string): void {
    if (this.has(path)) throw new UsageError(`${path} exists already`);
    this.#texts.set(path, text);
    this.#created.add(path);
  }

  edit(path: string, change: (text: string) => string): void {
    const before = this.read(path);
    const after = change(before);
    if (after === before) throw new Error(`${path}: found no place for the change`);
    this.#texts.set(path, after);
  }

  /** Imports `name` into a file from a path below the root, or from a package. */
  addImport(path: string, name: string, from: string): void {
    const source = from.startsWith('src/') ? importPath(path, from) : from;
    const known = new RegExp(`import \\{([^}]*)\\} from '${source.replaceAll('.', '\\.')}';`);
    const text = this.read(path);
    const found = known.exec(text);
    if (found?.[1]?.split(',').some((each) => each.trim() === name)) return;
    this.edit(path, () =>
      found
        ? text.replace(known, `import { ${found[1]?.trim().replace(/,$/, '')}, ${name} } from '${source}';`)
        : `import { ${name} } from '${source}';\n${text}`,
    );
  }

  /** Adds an item to a list such as `entities: [A, B]`. `list` is the text before its bracket. */
  addToList(path: string, list: string, item: string): void {
    this.edit(path, (text) => {
      const start = text.indexOf(`${list}[`) + list.length;
      const end = text.indexOf(']', start);
      if (start < list.length || end < 0) throw new Error(`${path}: there is no list ${list}[…]`);
      const items = text.slice(start + 1, end).trim();
      return `${text.slice(0, start + 1)}${items.replace(/,$/, '')}${items ? ', ' : ''}${item}${text.slice(end)}`;
    });
  }

  /** Writes what was changed and returns the paths. */
  save(): { created: string[]; edited: string[] } {
    for (const [path, text] of this.#texts) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
    const isNew = (path: string): boolean => this.#created.has(path);
    const paths = [...this.#texts.keys()].toSorted();
    return { created: paths.filter(isNew), edited: paths.filter((path) => !isNew(path)) };
  }
}

/** How a file imports another one: `../../kernel/scalars.js`. */
export function importPath(from: string, to: string): string {
  const path = relative(dirname(from), to).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

/** Adds a paragraph to the body of a class, before the paragraph of `property` or at the end. */
export function addToClass(text: string, name: string, paragraph: string, property?: string): string {
  const start = new RegExp(`class ${name}\\b[^{]*\\{\\n`).exec(text);
  if (!start) throw new Error(`There is no class ${name}`);
  const bodyStart = start.index + start[0].length;
  const end = text.startsWith('}', bodyStart) ? bodyStart : text.indexOf('\n}', bodyStart) + 1;
  const paragraphs = text.slice(bodyStart, end).trimEnd().split('\n\n').filter(Boolean);
  const at = paragraphs.findIndex((each) => property && new RegExp(`^  ${property}[!?]?:`, 'm').test(each));
  paragraphs.splice(at < 0 ? paragraphs.length : at, 0, paragraph);
  return `${text.slice(0, bodyStart)}${paragraphs.join('\n\n')}\n${text.slice(end)}`;
}
