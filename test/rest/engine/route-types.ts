/** What `route()` must refuse; the compiler is the test. */
import { z } from 'zod';
import { route } from '../../../src/rest/engine/route.js';
import { Attach, ReadBook } from './toy.js';

const frame = { method: 'get', path: '/', section: '', summary: '', credential: 'none' } as const;
const Title = z.object({ title: z.string() });

// @ts-expect-error the variable `id` is missing
route({ ...frame, operation: ReadBook, toVariables: () => ({}) });

route({
  ...frame,
  query: z.object({ page: z.coerce.number() }),
  operation: ReadBook,
  // @ts-expect-error the query has no such field
  toVariables: ({ query }) => ({ id: query.nope }),
});

route({
  ...frame,
  operation: ReadBook,
  // @ts-expect-error params without a shape
  toVariables: ({ params }) => ({ id: params.id }),
});

route({
  ...frame,
  operation: Attach,
  // @ts-expect-error files without a rule
  toVariables: ({ files }) => ({ id: 1, files: files.map(({ upload }) => upload) }),
});

route({
  ...frame,
  operation: ReadBook,
  toVariables: () => ({ id: 1 }),
  response: Title,
  // @ts-expect-error a number is no title
  toResponse: ({ book }) => ({ title: book.id }),
});

route({
  ...frame,
  operation: ReadBook,
  toVariables: () => ({ id: 1 }),
  response: Title,
  // @ts-expect-error the operation doesn't select it
  toResponse: ({ book }) => ({ title: book.nope }),
});

// @ts-expect-error neither an operation nor an answer
route({ ...frame });
