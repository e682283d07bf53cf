import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Header } from 'tar';
import { describe, expect, inject, test } from 'vitest';
import { readManifest } from '../../../src/modules/plugins/packages/read-manifest.js';
import { fetchGit } from '../../../src/modules/plugins/sources/fetch-git.js';
import { fetchNpm } from '../../../src/modules/plugins/sources/fetch-npm.js';
import { isAllowedSource, parseSource } from '../../../src/modules/plugins/sources/plugin-source.js';
import { download, type Transport, type TransportResponse } from '../../../src/modules/plugins/sources/transport.js';
import { unpackArchive } from '../../../src/modules/plugins/sources/unpack-archive.js';

const folder = (): Promise<string> => mkdtemp(join(inject('folder'), 'sources-'));
const never = new AbortController().signal;
const manifest = JSON.stringify({ id: 'crm', name: 'CRM', version: '1.2.0' });

describe('what a source may be', () => {
  test.each([
    ['/srv/plugins/crm', 'folder'],
    ['/srv/plugins/crm.tgz', 'tarball'],
    ['https://example.org/crm-1.0.0.tar.gz', 'tarball'],
    ['https://example.org/crm.git', 'git'],
    ['git+https://example.org/crm', 'git'],
    ['@firm/crm@^1.2.0', 'npm'],
    ['npm:crm', 'npm'],
  ])('%s is a %s', (text, kind) => {
    expect(parseSource(text)?.kind).toBe(kind);
  });

  test('allowed are folders and what is below, scopes and names, and addresses by their beginning', () => {
    const allowed = ['/srv/plugins', 'npm:@firm/*', 'npm:crm', 'https://example.org/plugins/'];
    const may = (text: string): boolean => {
      const source = parseSource(text);
      return source !== undefined && isAllowedSource(source, allowed);
    };
    for (const yes of [
      '/srv/plugins',
      '/srv/plugins/crm/',
      '@firm/a@1',
      'crm',
      'https://example.org/plugins/a.git',
      'https://example.org/plugins/a.tgz',
    ])
      expect([yes, may(yes)]).toEqual([yes, true]);
    for (const no of [
      '/srv/plugins-of-others',
      '/srv/plugins/../x',
      '@firms/a',
      'crm2',
      'https://example.org/pluginsx/a.git',
      'https://example.org.evil.test/plugins/a.git',
      'https://example.org/plugins/../a.git',
      'https://example.org/plugins/%2e%2e/a.git',
      'https://example.org@evil.test/plugins/a.git',
    ])
      expect([no, may(no)]).toEqual([no, false]);
  });

  test('no text is read as an option, another protocol, a path out of it or an alias', () => {
    const pieces = fc.constantFrom(
      'ext::',
      'ssh://',
      '--x',
      '-',
      'git@',
      ':',
      '/',
      '..',
      'a',
      '@',
      'npm:',
      'https://',
      '%2e',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
        (text) => {
          const source = parseSource(text);
          if (!source) return;
          if ('path' in source) expect(source.path.split('/')).not.toContain('..');
          else if ('url' in source) expect([source.url.protocol, source.url.username]).toEqual(['https:', '']);
          else expect(source.name).toMatch(/^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/);
        },
      ),
    );
  });
});

describe('an archive', () => {
  interface Entry {
    path: string;
    type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice';
    text?: string;
    linkpath?: string;
    /** Of the header, whatever follows it. */
    size?: number;
  }
  /** As anybody may write it, also what no packer writes. */
  const archive = async (entries: readonly Entry[]): Promise<string> => {
    const blocks = entries.flatMap(({ path, type = 'File', text = '', linkpath, size = text.length }) => {
      const header = Buffer.alloc(512);
      new Header({ path, type, size, mode: 0o755, ...(linkpath && { linkpath }) }).encode(header);
      return [header, Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0'))];
    });
    const file = join(await folder(), 'a.tgz');
    await writeFile(file, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
    return file;
  };
  const unpacked = async (file: string): Promise<string[]> => {
    const to = await folder();
    await unpackArchive(file, to, never);
    return (await readdir(to, { recursive: true })).toSorted();
  };

  test('loses the one folder that it is in, and keeps others', async () => {
    const files = [{ path: 'plugin.json', text: manifest }, { path: 'lib/a.js' }];
    const expected = ['lib', 'lib/a.js', 'plugin.json'];
    expect(await unpacked(await archive(files))).toEqual(expected);
    const inFolder = files.map((entry) => ({ ...entry, path: `crm-1/${entry.path}` }));
    expect(await unpacked(await archive([{ path: 'crm-1/', type: 'Directory' }, ...inFolder]))).toEqual(expected);
    expect(await unpacked(await archive(files.map((entry) => ({ ...entry, path: `./${entry.path}` }))))).toEqual(
      expected,
    );
  });

  test.each<[string, Entry[], string]>([
    ['a link', [{ path: 'x', type: 'SymbolicLink', linkpath: '/etc/passwd' }], 'x is a link'],
    ['a hard link', [{ path: 'x', type: 'Link', linkpath: 'plugin.json' }], 'x is a link'],
    ['a device', [{ path: 'x', type: 'CharacterDevice' }], 'no file'],
    ['a path above', [{ path: 'a/../../evil.js' }], 'the path'],
    ['a folder above', [{ path: '../', type: 'Directory' }], 'the path'],
    ['an absolute path', [{ path: '/etc/evil.js' }], 'the path'],
    ['names that differ by case', [{ path: 'A.js' }, { path: 'a.js' }], 'A.js and a.js'],
    ['too many files', Array.from({ length: 5_001 }, (_, i) => ({ path: `${i}` })), 'more than 5000 files'],
    ['too many bytes', [{ path: 'zeros', size: 51 * 1024 * 1024 }], 'more than 50 MB'],
  ])('with %s is refused whole', async (_what, entries, reason) => {
    const to = await folder();
    const file = await archive([{ path: 'plugin.json', text: manifest }, ...entries]);
    await expect(unpackArchive(file, to, never)).rejects.toThrow(reason);
    expect(await readdir(to)).toEqual([]);
  });

  test('that is none is said to be none', async () => {
    const file = join(await folder(), 'a.tgz');
    await writeFile(file, 'no archive');
    await expect(unpacked(file)).rejects.toThrow('no archive');
  });
});

describe('a registry of npm', () => {
  const registry = new URL('https://npm.example.org/');
  const archive = Buffer.from('an archive');
  const digest = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  const answering =
    (integrity: string, tarball = 'https://npm.example.org/crm/-/crm-1.2.0.tgz'): Transport =>
    async ({ url }) => {
      const body =
        url.pathname === '/@firm%2fcrm'
          ? Buffer.from(
              JSON.stringify({
                'dist-tags': { latest: '1.2.0', next: '2.0.0' },
                versions: { '1.2.0': { dist: { tarball, integrity } }, '2.0.0': { dist: {} } },
              }),
            )
          : archive;
      return { status: 200, headers: {}, body };
    };
  const get = (transport: Transport, range = '^1.0.0') => fetchNpm(transport, { name: '@firm/crm', range, registry });

  test('gives the archive that it says, and nothing else', async () => {
    expect(await get(answering(digest))).toEqual(archive);
    expect(await get(answering(digest), 'latest')).toEqual(archive);
    await expect(get(answering(`sha512-${'A'.repeat(86)}==`))).rejects.toThrow('digest is another');
    await expect(get(answering(''))).rejects.toThrow('no sha512');
    await expect(get(answering(digest, 'https://evil.test/crm.tgz'))).rejects.toThrow('evil.test');
    await expect(get(answering(digest), '^3.0.0')).rejects.toThrow('no version ^3.0.0');
  });
});

test('a redirect is followed only to where a source may be', async () => {
  const transport: Transport = async ({ url }): Promise<TransportResponse> =>
    url.pathname === '/a.tgz'
      ? {
          status: 302,
          headers: { location: url.host === 'one.test' ? 'https://two.test/b.tgz' : '/b.tgz' },
          body: Buffer.alloc(0),
        }
      : { status: 200, headers: {}, body: Buffer.from('it') };
  const options = { isAllowed: (url: URL) => url.host === 'three.test' };
  expect(String(await download(transport, new URL('https://three.test/a.tgz'), options))).toBe('it');
  await expect(download(transport, new URL('https://one.test/a.tgz'), options)).rejects.toThrow('two.test');
});

describe('a git repository', () => {
  /** What a server of git answers over https, from a repository of this machine. */
  const serving =
    (repository: string): Transport =>
    async ({ url, method, headers = {}, body }) => {
      const isAdvertisement = url.pathname.endsWith('/info/refs');
      const args = ['upload-pack', '--stateless-rpc', ...(isAdvertisement ? ['--advertise-refs'] : []), repository];
      const version = Object.entries(headers).find(([name]) => name.toLowerCase() === 'git-protocol')?.[1];
      const git = spawn('git', args, { env: { ...process.env, ...(version && { GIT_PROTOCOL: version }) } });
      git.stdin.end(body);
      const chunks: Buffer[] = [];
      for await (const chunk of git.stdout) chunks.push(chunk as Buffer);
      const service = isAdvertisement ? Buffer.from('001e# service=git-upload-pack\n0000') : Buffer.alloc(0);
      const isBare = version !== undefined;
      return {
        status: method === undefined ? 500 : 200,
        headers: { 'content-type': `application/x-git-upload-pack-${isAdvertisement ? 'advertisement' : 'result'}` },
        body: Buffer.concat([isAdvertisement && !isBare ? service : Buffer.alloc(0), ...chunks]),
      };
    };
  const repository = async () => {
    const at = await folder();
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', at, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim();
    git('init', '-q', '-b', 'main');
    git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const commit = async (version: string): Promise<string> => {
      await writeFile(join(at, 'plugin.json'), JSON.stringify({ id: 'crm', name: 'CRM', version }));
      await mkdir(join(at, 'lib'), { recursive: true });
      await writeFile(join(at, 'index.js'), 'export default {};\n');
      await writeFile(join(at, 'lib/a.js'), '');
      git('add', '-A');
      git('commit', '-qm', version);
      return git('rev-parse', 'HEAD');
    };
    return { at, git, commit };
  };
  const fetched = async (at: string, version?: string): Promise<string> => {
    const [work, to] = [await folder(), await folder()];
    const url = new URL('https://git.example.org/crm.git');
    await fetchGit(serving(at), { url, version, work, folder: to }, never);
    expect(await readFile(join(to, 'lib/a.js'), 'utf8')).toBe('');
    return (await readManifest(to)).version;
  };

  test('is had at its head, at a tag, in a range, at a branch and at a commit', async () => {
    const { at, git, commit } = await repository();
    const first = await commit('1.0.0');
    git('tag', 'v1.0.0');
    await commit('1.1.0');
    git('tag', '-m', 'annotated', 'v1.1.0');
    await commit('2.0.0');
    git('branch', 'next');
    await commit('3.0.0');
    expect(await fetched(at)).toBe('3.0.0');
    expect(await fetched(at, '1.0.0')).toBe('1.0.0');
    expect(await fetched(at, '^1.0.0')).toBe('1.1.0');
    expect(await fetched(at, 'next')).toBe('2.0.0');
    expect(await fetched(at, first)).toBe('1.0.0');
    await expect(fetched(at, '9.0.0')).rejects.toThrow('no tag and no branch 9.0.0');
  });

  test('with links is refused', async () => {
    const { at, commit } = await repository();
    await symlink('/etc/passwd', join(at, 'x'));
    await commit('1.0.0');
    await expect(fetched(at)).rejects.toThrow('x is a link');
  });
});
