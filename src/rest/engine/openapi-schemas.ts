/** How shapes are written into the OpenAPI document. */
import { z } from 'zod';
import type { CreateDocumentOptions } from 'zod-openapi';

/** A number in a path. What is no number is 404 like any that no row has, so the shape refuses nothing. */
export const pathNumber = (description: string, example = 1) =>
  z.string().meta({ override: { type: 'integer', minimum: 1, description, examples: [example] } });

export const rendering: CreateDocumentOptions = {
  // Shapes that zod can't describe become the empty schema.
  allowEmptySchema: { any: true, unknown: true, custom: true, transform: true },
  override: ({ jsonSchema, zodSchema }) => {
    // Answers may get more keys; only a strict shape has no others.
    if (jsonSchema.additionalProperties === false && !isStrict(zodSchema)) delete jsonSchema.additionalProperties;
    // zod bounds every integer by what a double holds.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema['example'] !== undefined) {
      jsonSchema.examples = [jsonSchema['example']];
      delete jsonSchema['example'];
    }
    if (jsonSchema.pattern === momentPattern) jsonSchema.format = 'date-time';
    // zod adds its regular expression to named formats.
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    if (jsonSchema.pattern !== undefined) {
      const portable = portablePattern(jsonSchema.pattern, { ignoresCase: ignoresCase(zodSchema) });
      if (portable === undefined) delete jsonSchema.pattern;
      else jsonSchema.pattern = portable;
    }
  },
};

const momentPattern = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$';

const isStrict = (shape: z.core.$ZodType): boolean => shape instanceof z.ZodObject && shape.def.catchall !== undefined;

const ignoresCase = (shape: z.core.$ZodType): boolean =>
  [...((shape._zod.bag as { patterns?: Set<RegExp> }).patterns ?? [])].some(({ flags }) => flags.includes('i'));

/**
 * A regular expression that the engines of other languages read alike: JSON has no place for flags, and many engines
 * have neither lookarounds nor Unicode's categories. It may accept more than `source`; undefined when only a wrong one
 * could be written.
 */
export function portablePattern(source: string, { ignoresCase }: { ignoresCase: boolean }): string | undefined {
  const spelled = source.replaceAll('\\P{Cc}', '[^\\x00-\\x1f\\x7f-\\x9f]').replaceAll(/\(\?![^()]*\)/g, '');
  const wide = ignoresCase ? spelled.replaceAll('a-z', 'A-Za-z') : spelled;
  return /\(\?(?!:)|\\[pPkuB]/.test(wide) ? undefined : wide;
}

/** A day in an answer, `2026-01-21`. What the database holds is not judged: its year may have more than four digits. */
export const answeredDay = z.string().meta({ format: 'date' });
