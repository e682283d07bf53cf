import { normalize } from 'node:path';
import semver from 'semver';

/** Where a plugin is to come from; understood, and neither allowed nor reached yet. */
export type PluginSource =
  | { kind: 'folder'; path: string }
  | { kind: 'tarball'; path: string }
  | { kind: 'tarball'; url: URL }
  | { kind: 'npm'; name: string; range: string }
  | { kind: 'git'; url: URL };

const npmName = '(?:@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*';
const npmSpec = new RegExp(`^(?:npm:)?(${npmName})(?:@([^@:/\\s]{1,100}))?$`);
const archive = /\.(?:tgz|tar\.gz)$/;
/** Of a package in a registry: a range, or a tag such as `latest`. */
const isRange = (text: string): boolean => semver.validRange(text) !== null || /^[a-zA-Z][\w.-]*$/.test(text);

/**
 * A source as an administrator writes it: the absolute path of a folder or of a `.tgz`, an https address of a `.tgz`,
 * `https://….git` (also after `git+`), or a package of npm (`@firm/plugin`, `npm:plugin@^1`). undefined for all else:
 * other protocols, options of programs, addresses with credentials, and whatever could be read in two ways.
 */
export function parseSource(text: string): PluginSource | undefined {
  // Nothing that a program, a URL or a file system reads otherwise than it looks.
  if (text.length > 500 || /[\p{C}\s\\%'"`$;|<>]/u.test(text)) return undefined;
  if (text.startsWith('/')) {
    const path = text.replace(/\/+$/, '') || '/';
    if (normalize(path) !== path) return undefined;
    return archive.test(path) ? { kind: 'tarball', path } : { kind: 'folder', path };
  }
  const address = text.replace(/^git\+/, '');
  if (address.startsWith('https://')) return atAddress(address, { isGit: address !== text });
  const [, name, range = '*'] = npmSpec.exec(text) ?? [];
  return name !== undefined && isRange(range) ? { kind: 'npm', name, range } : undefined;
}

function atAddress(text: string, { isGit }: { isGit: boolean }): PluginSource | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // As it was written, so that what is shown is what is asked: no credentials, no `..`, no query.
  if (url.href !== text || url.username || url.password || url.search || url.hash) return undefined;
  if (archive.test(url.pathname) && !isGit) return { kind: 'tarball', url };
  return isGit || url.pathname.endsWith('.git') ? { kind: 'git', url } : undefined;
}

/**
 * Whether the setting PLUGIN_SOURCES allows a source. Its entries are absolute folders, `npm:@scope/*` or `npm:name`,
 * and prefixes of https addresses that end with a slash. What a path leads to is asked again when it is read.
 */
export function isAllowedSource(source: PluginSource, allowed: readonly string[]): boolean {
  if ('path' in source)
    return allowed.some((entry) => entry.startsWith('/') && isWithin(source.path, entry.replace(/\/+$/, '')));
  if (source.kind === 'npm')
    return allowed.some((entry) => {
      const [, name] = /^npm:(.+)$/.exec(entry) ?? [];
      if (name === undefined) return false;
      return name.endsWith('/*') ? source.name.startsWith(name.slice(0, -1)) : name === source.name;
    });
  return isAllowedAddress(source.url, allowed);
}

export const isAllowedAddress = (url: URL, allowed: readonly string[]): boolean =>
  allowed.some((entry) => entry.startsWith('https://') && entry.endsWith('/') && url.href.startsWith(entry));

/** The folder itself, or below it. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
