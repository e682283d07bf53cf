import { expect, test } from 'vitest';
import { z } from 'zod';
import { dialects } from '../../src/app/dialects.js';
import { exampleOf } from '../../src/rest/engine/openapi-examples.js';
import type { RouteInput } from '../../src/rest/engine/route.js';

/** What a route reads for another reason than to tell the graph of it. */
const readElsewhere: Record<string, readonly string[]> = {
  // Compared with the password by the shape.
  'PUT /api/utilisateurs/:id': ['confirmer_mot_de_passe'],
  'POST /api/utilisateurs': ['confirmer_mot_de_passe'],
  // An intervention is planned, whatever is sent.
  'POST /api/interventions': ['statut'],
  // Where the page leads to, and what it says.
  'POST /kdocs/login': ['next'],
  'GET /s/:token': ['problem'],
  'GET /rdv/:token': ['resultat'],
  // How the lines are written.
  'GET /api/v1/transactions/export': ['separator', 'decimal'],
};

const file = { field: 'file', name: 'a.pdf', mimeType: 'application/pdf', sizeBytes: 1, path: 'spool/a', hash: 'a' };

/** A value of the shape with every field. */
function fullInput(shape: z.ZodType, values: Readonly<Record<string, unknown>>): any {
  const schema: any = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  return exampleOf(schema, { schemas: schema.$defs ?? {}, values });
}

/** Notes in `read` which fields are looked at; a spread looks at all. */
const observed = (part: object, read: Set<string>): object =>
  new Proxy(part, {
    get: (target, name) => {
      read.add(String(name));
      return Reflect.get(target, name);
    },
    ownKeys: (target) => {
      for (const name of Reflect.ownKeys(target)) read.add(String(name));
      return Reflect.ownKeys(target);
    },
  });

const routes = dialects().flatMap(({ prefix, sampleValues = {}, routes: own }) =>
  own.map((route) => ({ ...route, name: `${route.method.toUpperCase()} ${prefix}${route.path}`, sampleValues })),
);

test.each(routes.filter((route) => 'operation' in route && (route.body ?? route.query)))(
  '$name: its variables look at every field that its shapes take',
  (route) => {
    const read = { query: new Set<string>(), body: new Set<string>() };
    const part = (name: 'query' | 'body'): object | undefined => {
      const shape = route[name];
      return shape && observed(fullInput(shape, route.sampleValues), read[name]);
    };
    const input = {
      params: route.params && fullInput(route.params, route.sampleValues),
      query: part('query'),
      body: part('body'),
      files: [file],
      request: { userId: 1, headers: {}, address: '127.0.0.1' },
    } as unknown as RouteInput;
    if (!('toVariables' in route)) return;
    // As JSON, since a body that is handed on whole is looked at by whoever takes it.
    JSON.stringify(route.toVariables(input));
    route.check?.(input);
    const forgotten = (['query', 'body'] as const).flatMap((name) => {
      const shape = route[name];
      return shape instanceof z.ZodObject ? Object.keys(shape.shape).filter((field) => !read[name].has(field)) : [];
    });
    expect(forgotten).toEqual(readElsewhere[route.name] ?? []);
  },
);
