import fs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import git, { type GitHttpRequest, type GitHttpResponse, type HttpClient } from 'isomorphic-git';
import semver from 'semver';
import { writeFileBelow } from './copy-folder.js';
import { PackageMeter, SourceProblem } from './source-problem.js';
import type { Transport } from './transport.js';

const commit = /^[0-9a-f]{40}$/;

/**
 * The files of a repository at a branch, a tag (`1.2.0` also as `v1.2.0`) or a commit, or where its HEAD is; one commit
 * alone is fetched, by https, by no program. `work` is an empty folder. Throws SourceProblem for links, submodules, and
 * past the bounds.
 */
export async function fetchGit(
  transport: Transport,
  { url, version, work, folder }: { url: URL; version: string | undefined; work: string; folder: string },
  signal: AbortSignal,
): Promise<void> {
  const gitdir = join(work, 'git');
  await mkdir(gitdir, { recursive: true, mode: 0o700 });
  const http = clientOf(transport);
  const repository = { fs, dir: join(work, 'tree'), gitdir };
  try {
    await git.init(repository);
    await git.addRemote({ ...repository, remote: 'origin', url: url.href });
    const ref = await chosenRef(http, url, version);
    const { fetchHead } = await git.fetch({
      ...repository,
      http,
      remote: 'origin',
      depth: 1,
      singleBranch: true,
      tags: false,
      ref,
      remoteRef: ref,
    });
    const oid = commit.test(ref) ? ref : fetchHead;
    if (!oid) throw new SourceProblem('the repository is empty');
    await writeTree(repository, { oid, folder }, signal);
  } catch (error) {
    if (error instanceof SourceProblem || signal.aborted) throw error;
    throw new SourceProblem(`git: ${(error as Error).message.slice(0, 300)}`);
  }
}

/** A whole reference that the server lists, or a commit. */
async function chosenRef(http: HttpClient, url: URL, version: string | undefined): Promise<string> {
  const refs = await git.listServerRefs({ http, url: url.href, protocolVersion: 2, symrefs: true });
  const names = new Set(refs.map(({ ref }) => ref));
  if (version === undefined) {
    const target = refs.find(({ ref }) => ref === 'HEAD')?.target;
    const [found] = [target, 'refs/heads/main', 'refs/heads/master'].filter((ref) => ref && names.has(ref));
    if (!found) throw new SourceProblem('the repository names no branch of its own: name one as version');
    return found;
  }
  if (commit.test(version)) return version;
  const wanted = [`refs/tags/${version}`, `refs/tags/v${version}`, `refs/heads/${version}`];
  const found = wanted.find((ref) => names.has(ref)) ?? newestTag(names, version);
  if (!found) throw new SourceProblem(`the repository has no tag and no branch ${version}`);
  return found;
}

/** For a range such as `^1.2.0`. */
function newestTag(names: ReadonlySet<string>, range: string): string | undefined {
  if (semver.validRange(range) === null) return undefined;
  const tags = [...names].flatMap((ref) => {
    const version = semver.valid(/^refs\/tags\/v?(\d.*)$/.exec(ref)?.[1]);
    return version ? [{ ref, version }] : [];
  });
  const newest = semver.maxSatisfying(
    tags.map(({ version }) => version),
    range,
  );
  return tags.find(({ version }) => version === newest)?.ref;
}

async function writeTree(
  repository: { fs: typeof fs; dir: string; gitdir: string },
  { oid, folder }: { oid: string; folder: string },
  signal: AbortSignal,
): Promise<void> {
  const meter = new PackageMeter();
  const writeBelow = async (treeOid: string, below: string, depth: number): Promise<void> => {
    if (depth > 50) throw new SourceProblem('its folders nest too deep');
    const { tree } = await git.readTree({ ...repository, oid: treeOid });
    for (const entry of tree) {
      signal.throwIfAborted();
      const path = below ? `${below}/${entry.path}` : entry.path;
      if (entry.type === 'tree') await writeBelow(entry.oid, path, depth + 1);
      else if (entry.type === 'blob' && (entry.mode === '100644' || entry.mode === '100755')) {
        const { blob } = await git.readBlob({ ...repository, oid: entry.oid });
        meter.add(path, blob.length);
        await writeFileBelow(folder, path, blob);
      } else throw new SourceProblem(`${path} is a link or a submodule`);
    }
  };
  await writeBelow(oid, '', 0);
}

const clientOf = (transport: Transport): HttpClient => ({
  request: async ({ url, method = 'GET', headers = {}, body }: GitHttpRequest): Promise<GitHttpResponse> => {
    const parts: Uint8Array[] = [];
    if (body) for await (const part of body as AsyncIterable<Uint8Array>) parts.push(part);
    const target = new URL(url);
    const answer = await transport({
      url: target,
      method,
      headers,
      ...(parts.length && { body: Buffer.concat(parts) }),
    });
    if (answer.status >= 300 && answer.status < 400)
      throw new SourceProblem(`${target.host} redirects, which is not followed: name the address that it has now`);
    return {
      url,
      method,
      statusCode: answer.status,
      statusMessage: '',
      headers: answer.headers,
      body: (async function* () {
        yield new Uint8Array(answer.body);
      })(),
    };
  },
});
