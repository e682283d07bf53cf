import semver from 'semver';
import type { CommandContext } from '../../kernel/command.js';
import { badInput, conflict } from '../../lib/errors.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import { type MissingDependency, missingDependencies } from './active-plugins.js';
import { prefixClashes } from './check-prefix.js';
import type { ActivePlugin } from './plugin-runtime.js';

export interface Candidate {
  manifest: Manifest;
  folder: string;
  grants: readonly string[];
  settings: Readonly<Record<string, unknown>>;
  others: readonly ActivePlugin[];
}

/** What a plugin brings; or why it does not start, for administrators. */
export type Tried = { contribution: Contribution } | { failure: string };

/**
 * Starts a plugin aside and composes it with the active ones. Throws CONFLICT with every clash, BAD_USER_INPUT for what
 * could never be composed. Where dependencies are missing it only describes itself.
 */
export async function tryOut(ctx: CommandContext, candidate: Candidate): Promise<Tried> {
  const { manifest, others } = candidate;
  const runtime = ctx.services.plugins.current;
  refuseClashes(prefixClashes({ manifest, contribution: undefined }, { reserved: runtime.reserved(), others }));
  const isComposed = missingDependencies(manifest.dependencies, others).length === 0;
  const tried = await runtime.tryOut({ ...candidate, isComposed });
  switch (tried.outcome) {
    case 'failed':
      return { failure: tried.reason };
    case 'invalid':
      throw badInput(
        tried.reasons.map((message) => ({ path: ['id'], code: 'invalid', message })),
        { reason: 'plugin.invalid', details: { reasons: tried.reasons } },
      );
    case 'clash':
      refuseClashes(tried.reasons);
      throw new Error('A clash without reasons');
    case 'fits': {
      const { contribution } = tried;
      refuseClashes(prefixClashes({ manifest, contribution }, { reserved: runtime.reserved(), others }));
      if (contribution.routes.length && manifest.api_prefix === undefined)
        throw badInput([{ path: ['id'], code: 'invalid', message: 'It has routes, and its manifest no api_prefix' }], {
          reason: 'plugin.invalid',
          details: { reasons: ['it has routes, and its manifest no api_prefix'] },
        });
      return { contribution };
    }
  }
}

export function refuseClashes(reasons: readonly string[]): void {
  if (reasons.length)
    throw conflict(reasons.join('; '), { subject: 'Plugin', reason: 'plugin.clash', details: { reasons } });
}

/** Throws CONFLICT with all that is missing. */
export function requireDependencies(manifest: Manifest, others: readonly ActivePlugin[]): void {
  const missing = missingDependencies(manifest.dependencies, others);
  if (!missing.length) return;
  throw conflict(`It needs ${missing.map(wanted).join(', ')}`, {
    subject: 'Plugin',
    reason: 'plugin.dependencies',
    details: { missing: missing.map((one) => ({ ...one })), words: missing.map(wanted) },
  });
}

const wanted = ({ id, range, found }: MissingDependency): string =>
  `${id} ${range} (${found === null ? 'not active' : `${found} is active`})`;

/** Throws CONFLICT with the active plugins that need this one, in this version; undefined: when it goes. */
export function requireUnneeded(id: string, version: string | undefined, others: readonly ActivePlugin[]): void {
  const by = others.filter(({ manifest }) => {
    const range = Object.hasOwn(manifest.dependencies, id) ? manifest.dependencies[id] : undefined;
    return (
      range !== undefined && (version === undefined || !semver.satisfies(version, range, { includePrerelease: true }))
    );
  });
  if (by.length)
    throw conflict(`It is needed by ${by.map((other) => other.id).join(', ')}`, {
      subject: 'Plugin',
      reason: 'plugin.needed',
      details: { by: by.map((other) => other.id) },
    });
}
