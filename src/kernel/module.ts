import type { EntityClass } from '@mikro-orm/core';
import type { ReadModel } from './read-model.js';

/**
 * What a module brings to the house, said in one place: `src/modules/<name>/module.ts`. Plain data and functions, so that
 * a plugin can bring the same. `src/app/compose.ts` joins the parts of all modules; everything but the name is optional.
 */
export interface Module {
  /** Its folder's name. */
  name: string;
  /** The tables that it owns, as classes. */
  entities?: readonly EntityClass<object>[];
  /** What the graph can read of them; an entity without a read model cannot be reached. */
  reads?: readonly ReadModel[];
  /** Classes of type-graphql. */
  resolvers?: readonly Function[];
}
