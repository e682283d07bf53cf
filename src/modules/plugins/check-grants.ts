import type { FieldProblem } from '../../lib/errors.js';
import type { Manifest } from '../../plugin-host/manifest.js';

/** What is wrong with capabilities that are to be granted: a plugin gets none that it does not ask for. */
export const grantProblems = (
  { capabilities }: Pick<Manifest, 'capabilities'>,
  grants: readonly string[],
): FieldProblem[] =>
  grants.flatMap((grant, index) =>
    capabilities.includes(grant)
      ? []
      : [
          {
            path: ['grants', String(index)],
            code: 'not_allowed',
            message: 'The plugin does not ask for it',
            known: capabilities,
          },
        ],
  );
