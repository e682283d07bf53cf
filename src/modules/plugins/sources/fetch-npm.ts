import { createHash } from 'node:crypto';
import semver from 'semver';
import { SourceProblem } from './source-problem.js';
import { download, type Transport } from './transport.js';

interface RegistryVersion {
  dist?: { tarball?: unknown; integrity?: unknown };
}

interface RegistryDocument {
  'dist-tags'?: Record<string, unknown>;
  versions?: Record<string, RegistryVersion>;
}

/**
 * The archive of a package: of the version that a tag names, or of the newest in a range, from the registry itself and
 * with the integrity that it says. Nothing of the package runs. Throws SourceProblem.
 */
export async function fetchNpm(
  transport: Transport,
  { name, range, registry }: { name: string; range: string; registry: URL },
): Promise<Buffer> {
  const isAllowed = (url: URL): boolean => url.origin === registry.origin;
  const base = registry.href.endsWith('/') ? registry.href : `${registry.href}/`;
  const about = await download(transport, new URL(name.replace('/', '%2f'), base), {
    isAllowed,
    headers: { accept: 'application/vnd.npm.install-v1+json, application/json' },
  });
  const document = jsonOf(about);
  const { tarball, integrity } = chosen(document, range);
  if (typeof tarball !== 'string' || !URL.canParse(tarball)) throw new SourceProblem('the registry names no archive');
  const url = new URL(tarball);
  if (!isAllowed(url)) throw new SourceProblem(`the registry sends to ${url.host}`);
  const bytes = await download(transport, url, { isAllowed });
  requireIntegrity(bytes, integrity);
  return bytes;
}

function jsonOf(bytes: Buffer): RegistryDocument {
  try {
    return JSON.parse(bytes.toString('utf8')) as RegistryDocument;
  } catch {
    throw new SourceProblem('the registry does not answer JSON');
  }
}

function chosen(document: RegistryDocument, range: string): { tarball: unknown; integrity: unknown } {
  const versions = document.versions ?? {};
  const tags = document['dist-tags'] ?? {};
  const tagged = Object.hasOwn(tags, range) ? String(tags[range]) : undefined;
  const latest = String(tags['latest'] ?? '');
  const version =
    tagged ??
    // As npm does: what is tagged as latest, when it will do.
    (semver.valid(latest) && semver.satisfies(latest, range)
      ? latest
      : semver.maxSatisfying(Object.keys(versions), range));
  const found = version && Object.hasOwn(versions, version) ? versions[version] : undefined;
  if (!found) throw new SourceProblem(`the registry has no version ${range}`);
  return { tarball: found.dist?.tarball, integrity: found.dist?.integrity };
}

/** Subresource Integrity, by its strongest digest. */
function requireIntegrity(bytes: Buffer, integrity: unknown): void {
  const digests = typeof integrity === 'string' ? integrity.split(/\s+/) : [];
  const wanted = digests.find((digest) => digest.startsWith('sha512-'));
  if (!wanted) throw new SourceProblem('the registry says no sha512 of it');
  const given = createHash('sha512').update(bytes).digest('base64');
  if (wanted.slice('sha512-'.length).split('?')[0] !== given)
    throw new SourceProblem('it is not what the registry says: its digest is another');
}
