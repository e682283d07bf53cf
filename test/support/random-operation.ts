import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { nodeIdOf } from '../../src/lib/node-id.js';
import { nastyTexts } from './random-firm.js';
import type { Random } from './random.js';

export interface RandomOperation {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null | undefined;
}

export interface OperationSource {
  schema: GraphQLSchema;
  /** Whether plans answer the field; others are asked for seldom. */
  isPlanned: (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>) => boolean;
  /** Real cursors by connection type and order. */
  cursors: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  uuids: readonly string[];
}

/** What one object's selection holds so far, so that what is added can merge with it: by response key. */
type Scope = Map<string, { asked: string; below: Scope }>;

interface Fragment {
  name: string;
  type: string;
  scope: Scope;
}

/** An enumeration's value, which stands bare in a document. */
class Bare {
  constructor(readonly name: string) {}
  toJSON(): string {
    return this.name;
  }
}

/** A variable in a literal. */
class Variable {
  constructor(readonly name: string) {}
}

/** Names that stand for something else, or that an object made carelessly has already. */
const aliases = [
  'a',
  'b',
  'c',
  'id',
  'title',
  'name',
  'nodes',
  'cursor',
  'text',
  'toJSON',
  'then',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  '_',
  'totalCount',
  'length',
];
const words = [
  ...nastyTexts,
  '',
  'a',
  'é',
  'admin',
  'FACTURE',
  'F2026-00001',
  'documents',
  'user.login',
  '203.0.113.7',
  'req_1',
  'User',
  'Role',
  '\0',
  'a:b & !',
  '( "',
  '-facture',
  'EUR',
];
const badIds = [
  '',
  '0',
  '-1',
  'abc',
  '2147483648',
  '999999999',
  '9999999999999999999999',
  ' 1',
  '1e3',
  '１',
  '1\0',
  '00000000-0000-4000-8000-000000000000',
  '00000000-0000-4000-8000',
  '+1',
  '01',
];
const moments = [
  '2026-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '2026-03-29T02:30:00+02:00',
];
const forged = (random: Random): string =>
  random.pick([
    '',
    'x',
    'e30',
    Buffer.from('{').toString('base64url'),
    ...[
      ['ID_ASC', 'x', '1'],
      ['CREATED_AT_DESC', "2026'; --", '1'],
      ['CREATED_AT_DESC', '2026-01-01 00:00:00+00', '1'],
      ['ID_ASC', '3', '3'],
      ['ID_ASC', '999999999', 'x'],
      ['NAME_ASC', '\0', '1'],
      ['NAME_ASC', '"', '2'],
      [1, 2],
    ].map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
  ]);

/**
 * Makes a document that is meant to be valid, with variables that mostly fit. The caller leaves out those that break a
 * limit of the server.
 */
export function randomOperation(source: OperationSource, random: Random): RandomOperation {
  const count = random.chance(0.12) ? 2 : 1;
  const names = Array.from({ length: count }, (_, i) => (count > 1 || random.chance(0.3) ? `Op${i}` : ''));
  const variables: Record<string, unknown> = {};
  const operations = names.map((name, i) => new OperationWriter(source, random, `o${i}`, variables).write(name));
  const chosen = random.pick(names);
  const operationName = random.chance(0.03)
    ? random.pick(['', 'Unknown'])
    : count > 1 && random.chance(0.9)
      ? chosen
      : random.chance(0.5)
        ? chosen || undefined
        : random.pick([null, undefined]);
  return { query: operations.join('\n'), variables, operationName };
}

/** The same operation with other values and, perhaps, under another name. */
export function otherwise(
  { variables, operationName }: RandomOperation,
  random: Random,
): Pick<RandomOperation, 'variables' | 'operationName'> {
  const other = (value: unknown): unknown => {
    if (typeof value === 'number') return random.int(0, 5);
    if (typeof value === 'boolean') return random.chance(0.5);
    if (typeof value === 'string' && /^\d{1,2}$/.test(value)) return String(random.int(1, 12));
    if (value === null || typeof value !== 'object') return value;
    return Array.isArray(value)
      ? value.map(other)
      : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, other(inner)]));
  };
  const changed = Object.entries(variables).flatMap(([name, value]) =>
    random.chance(0.03) ? [] : [[name, random.chance(0.03) ? null : other(value)]],
  );
  return {
    variables: Object.fromEntries(changed) as Record<string, unknown>,
    operationName: random.chance(0.1) ? random.pick(['', null, undefined, 'Unknown']) : operationName,
  };
}

class OperationWriter {
  readonly #definitions: string[] = [];
  readonly #fragments: Fragment[] = [];
  readonly #texts: string[] = [];
  readonly #hasDirectives: boolean;
  readonly #hasComputed: boolean;
  readonly #deepest: number;
  #aliases = 0;
  #fields = 0;

  constructor(
    readonly source: OperationSource,
    readonly random: Random,
    readonly prefix: string,
    readonly values: Record<string, unknown>,
  ) {
    this.#hasDirectives = random.chance(0.12);
    this.#hasComputed = random.chance(0.08);
    this.#deepest = random.chance(0.1) ? 11 : random.int(2, 6);
  }

  write(name: string): string {
    const { random } = this;
    const query = this.source.schema.getQueryType() as GraphQLObjectType;
    const planned = Object.values(query.getFields()).filter((field) => field.extensions['planned']);
    const scope: Scope = new Map();
    const roots = Array.from({ length: random.chance(0.25) ? random.int(2, 3) : 1 }, () =>
      this.#field(query, random.pick(planned), 1, scope, false),
    );
    if (random.chance(0.02))
      roots.splice(random.int(0, roots.length), 0, random.pick(['__typename', 'unreadNotifications { total }']));
    if (random.chance(0.08))
      roots.push(this.#wrapped(query, this.#field(query, random.pick(planned), 1, scope, false)));
    const declared = this.#definitions.length ? `(${this.#definitions.join(', ')})` : '';
    return [`query ${name}${declared} { ${roots.join(' ')} }`, ...this.#texts].join('\n');
  }

  #selection(type: GraphQLObjectType, depth: number, scope: Scope): string {
    const { random } = this;
    const isLow = depth >= this.#deepest || this.#fields > 60;
    const fields = Object.values(type.getFields());
    const leaves = fields.filter((field) => !isObjectType(getNamedType(field.type)) && this.#isWanted(type, field));
    const composites = fields.filter((field) => isObjectType(getNamedType(field.type)) && this.#isWanted(type, field));
    const parts: string[] = [];
    const count = random.int(1, 4);
    for (let i = 0; i < count; i += 1) {
      const deeper = composites.length > 0 && (!leaves.length || (!isLow && random.chance(0.45)));
      if (!deeper && random.chance(0.12)) parts.push(this.#typename(scope));
      else if (deeper || leaves.length)
        parts.push(this.#field(type, random.pick(deeper ? composites : leaves), depth, scope));
    }
    if (type.getInterfaces().length && random.chance(0.05)) parts.push(this.#ofInterface(scope));
    if (!isLow && random.chance(0.12)) parts.push(this.#wrapped(type, this.#selection(type, depth, scope)));
    if (!isLow && random.chance(0.1)) parts.push(this.#spread(type, depth, scope));
    return parts.filter(Boolean).join(' ') || '__typename';
  }

  /** What all nodes have, asked of an object by way of its interface. */
  #ofInterface(scope: Scope): string {
    const isFree = !scope.has('nodeId') || scope.get('nodeId')?.asked === 'nodeId';
    if (isFree) scope.set('nodeId', { asked: 'nodeId', below: new Map() });
    return `... on Node${this.#directive()} { ${isFree ? 'nodeId' : '__typename'} }`;
  }

  /** A selection on an interface: what all have, and more of some types, of which others may be asked. */
  #abstractSelection(type: GraphQLInterfaceType, depth: number): string {
    const { random } = this;
    const common = random.some(['nodeId', '__typename', 'again: nodeId', '... on Node { nodeId }']);
    const types = random.some(this.source.schema.getPossibleTypes(type), 0.15);
    const parts = types.map((one) => {
      const scope: Scope = new Map([['again', { asked: 'nodeId', below: new Map() }]]);
      return random.chance(0.3)
        ? this.#spread(one, depth, scope)
        : `... on ${one.name}${this.#directive()} { ${this.#selection(one, depth, scope)} }`;
    });
    return [...common, ...parts].filter(Boolean).join(' ') || 'nodeId';
  }

  #isWanted(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean {
    return this.source.isPlanned(type, field) || (this.#hasComputed && this.random.chance(0.3));
  }

  #typename(scope: Scope): string {
    const key =
      scope.has('__typename') && scope.get('__typename')?.asked !== '__typename'
        ? `t${(this.#aliases += 1)}`
        : '__typename';
    scope.set(key, { asked: '__typename', below: new Map() });
    return key === '__typename' ? key : `${key}: __typename`;
  }

  #field(
    type: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
    depth: number,
    scope: Scope,
    mayMerge = true,
  ): string {
    const { random } = this;
    this.#fields += 1;
    const below = getNamedType(field.type);
    const same =
      mayMerge && random.chance(0.15)
        ? [...scope].filter(([key, { asked }]) => new RegExp(`^${field.name}(\\(|$)`).test(asked) && key)
        : [];
    const [mergedKey, merged] = same.length ? random.pick(same) : [];
    const asked = merged?.asked ?? `${field.name}${this.#arguments(field)}`;
    const key = mergedKey ?? this.#key(field.name, asked, scope);
    if (key === undefined) return '';
    const entry = scope.get(key) ?? { asked, below: new Map() as Scope };
    scope.set(key, entry);
    const set = isObjectType(below)
      ? ` { ${this.#selection(below, depth + 1, entry.below)} }`
      : isInterfaceType(below)
        ? ` { ${this.#abstractSelection(below, depth + 1)} }`
        : '';
    return `${key === field.name ? '' : `${key}: `}${asked}${this.#directive()}${set}`;
  }

  /** A response key that is free, or that holds the very same already; undefined: none was found. */
  #key(name: string, asked: string, scope: Scope): string | undefined {
    const free = (key: string): boolean => !scope.has(key) || scope.get(key)?.asked === asked;
    if (free(name) && this.random.chance(0.85)) return name;
    if (this.#aliases < 25) {
      this.#aliases += 1;
      const alias = this.random.pick(aliases);
      if (!scope.has(alias)) return alias;
      return `${this.prefix}_${this.#aliases}`;
    }
    return free(name) ? name : undefined;
  }

  #wrapped(type: GraphQLObjectType, selection: string): string {
    const condition = this.random.chance(0.5) ? ` on ${type.name}` : '';
    return `...${condition}${this.#directive()} { ${selection || '__typename'} }`;
  }

  #spread(type: GraphQLObjectType, depth: number, scope: Scope): string {
    const known = this.#fragments.filter((fragment) => fragment.type === type.name && agree(fragment.scope, scope));
    if (known.length && this.random.chance(0.6)) {
      const fragment = this.random.pick(known);
      merge(fragment.scope, scope);
      return `...${fragment.name}${this.#directive()}`;
    }
    const fragment: Fragment = {
      name: `${this.prefix}F${this.#texts.length}${this.random.chance(0.1) ? '__proto__' : ''}`,
      type: type.name,
      scope: new Map(),
    };
    const place = this.#texts.push('') - 1;
    const selection = this.#selection(type, depth, fragment.scope);
    if (!agree(fragment.scope, scope)) {
      this.#texts[place] = '';
      return '';
    }
    this.#texts[place] = `fragment ${fragment.name} on ${type.name} { ${selection} }`;
    this.#fragments.push(fragment);
    merge(fragment.scope, scope);
    return `...${fragment.name}${this.#directive()}`;
  }

  #directive(): string {
    if (!this.#hasDirectives || !this.random.chance(0.3)) return '';
    const condition = this.random.chance(0.5)
      ? String(this.random.chance(0.5))
      : `$${this.#variable('Boolean!', this.random.chance(0.5))}`;
    return ` @${this.random.pick(['include', 'skip'])}(if: ${condition})`;
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const { random } = this;
    const given = new Map<string, string>();
    const has = (name: string): boolean => field.args.some((arg) => arg.name === name);
    const pages = this.source.cursors.get(getNamedType(field.type).name);
    if (has('after') && pages?.size && random.chance(0.25)) {
      const [order, cursors] = random.pick([...pages]);
      for (const name of random.pick([['after'], ['after'], ['before'], ['before'], ['after', 'before']])) {
        given.set(
          name,
          this.#written(
            field.args.find((arg) => arg.name === name) as GraphQLArgument,
            random.chance(0.9) ? random.pick(cursors) : forged(random),
          ),
        );
      }
      if (has('orderBy') && random.chance(0.9))
        given.set(
          'orderBy',
          random.chance(0.5)
            ? order
            : this.#written(field.args.find((arg) => arg.name === 'orderBy') as GraphQLArgument, new Bare(order)),
        );
    }
    const isBackward = has('last') && random.chance(0.25);
    for (const arg of field.args) {
      if (arg.name === (isBackward ? 'first' : 'last') && !random.chance(0.02)) continue;
      if (arg.name === 'offset' && isBackward && !random.chance(0.02)) continue;
      const isRequired = isNonNullType(arg.type) && arg.defaultValue === undefined;
      const share =
        {
          first: 0.85,
          last: 1,
          after: 0.02,
          before: 0.02,
          offset: 0.08,
          orderBy: 0.35,
          filter: 0.3,
          trashed: 0.3,
          userId: 0.15,
        }[arg.name] ?? 0.3;
      if (given.has(arg.name) || !(isRequired || random.chance(share))) continue;
      given.set(arg.name, this.#written(arg, this.#value(arg.type, arg.name, field)));
    }
    return given.size ? `(${[...given].map(([name, value]) => `${name}: ${value}`).join(', ')})` : '';
  }

  /** A literal, or a variable that has the value. */
  #written(arg: GraphQLArgument, value: unknown): string {
    if (!this.random.chance(0.35)) return literal(value);
    // Where the place has a default, the variable may be null.
    const type =
      arg.defaultValue !== undefined && isNonNullType(arg.type) && this.random.chance(0.6) ? arg.type.ofType : arg.type;
    return `$${this.#variable(String(type), plain(value))}`;
  }

  #variable(type: string, value: unknown): string {
    const { random } = this;
    const name = `${this.prefix}v${this.#definitions.length}`;
    // A default must fit, or the document is not valid.
    const isFit = ['string', 'number', 'boolean'].includes(typeof value) && !/Order|Decimal|Date|Filter/.test(type);
    this.#definitions.push(`$${name}: ${type}${isFit && random.chance(0.2) ? ` = ${literal(value)}` : ''}`);
    const fate = random.next();
    if (fate < 0.93) this.values[name] = value;
    else if (fate < 0.95) this.values[name] = null;
    else if (fate < 0.97) this.values[name] = random.pick([{}, [], 'WRONG', 1.5, true, [[]]]);
    return name;
  }

  #value(type: GraphQLInputType, name: string, field: GraphQLField<unknown, unknown>): unknown {
    const { random } = this;
    if (isNonNullType(type)) return this.#value(type.ofType, name, field);
    if (random.chance(0.03)) return null;
    if (isListType(type)) {
      return random.chance(0.1)
        ? this.#value(type.ofType, name, field)
        : Array.from({ length: random.int(0, 3) }, () => this.#value(type.ofType, name, field) ?? '1');
    }
    if (isEnumType(type)) return new Bare(random.pick(type.getValues()).name);
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields());
      const required = fields.filter((one) => isNonNullType(one.type));
      const chosen = new Set([
        ...required,
        ...(random.chance(0.1)
          ? random.some(fields)
          : random.chance(0.8) && fields.length
            ? [random.pick(fields)]
            : []),
      ]);
      return Object.fromEntries(
        [...chosen].map((one) => {
          const value = this.#value(one.type, one.name, field);
          // Inside a literal the variable is of the field's own type.
          return [one.name, random.chance(0.15) ? new Variable(this.#variable(String(one.type), plain(value))) : value];
        }),
      );
    }
    switch (type.name) {
      case 'ID':
        return this.#id(name, getNamedType(field.type).name);
      case 'Int':
        if (name === 'first' || name === 'last')
          return random.chance(0.04) ? random.pick([-1, 101, 2147483647, 0, 100]) : random.int(0, 5);
        return random.chance(0.08) ? -1 : random.int(0, 4);
      case 'Boolean':
        return random.chance(0.5);
      case 'Decimal':
        return random.pick<unknown>([0, -0.01, 100, '1234.5', '999999999999.9999', 1e11]);
      case 'Degrees':
        return random.pick<unknown>([0, -90, 48.8566140001, '2.352222', 180]);
      case 'Date':
        return random.pick(['2026-01-01', '0001-01-01', '9999-12-31']);
      case 'DateTime':
        return random.pick(moments);
      case 'JSON':
        return random.pick<unknown>([...nastyTexts, 1, 12.5, true, '2026-02-03']);
      default:
        return name === 'after' || name === 'before' ? forged(random) : random.pick(words);
    }
  }

  #id(name: string, type: string): unknown {
    const { random } = this;
    if (/^nodeIds?$/.test(name)) {
      if (random.chance(0.05)) return random.pick([...badIds, 'VGFnOjAx', 'Tm9ib2R5OjE']);
      const node = this.source.schema.getType('Node') as GraphQLInterfaceType;
      const of = random.pick(this.source.schema.getPossibleTypes(node)).name;
      const key = String(this.#id('id', of));
      return nodeIdOf(of, /^[\da-f-]+$/.test(key) ? key : '1');
    }
    if (random.chance(0.1)) return random.pick(badIds);
    if (random.chance(isUuidKeyed(name, type) ? 0.9 : type === 'User' ? 0.3 : 0.03))
      return random.pick(this.source.uuids);
    const highest =
      /type/i.test(name) || type === 'DocumentType' ? 5 : type === 'User' ? 9 : type === 'ApprovalRule' ? 54 : 12;
    const number = type === 'ApprovalRule' ? random.int(48, highest) : random.int(1, highest);
    return random.chance(0.2) ? number : String(number);
  }
}

const uuidKeyed = new Set([
  'ApiKey',
  'Client',
  'Intervention',
  'ChecklistItem',
  'WorkEntry',
  'UsedPart',
  'Inspection',
  'MaintenanceContract',
  'Appointment',
  'Medium',
  'Report',
]);
const isUuidKeyed = (name: string, type: string): boolean =>
  uuidKeyed.has(type) || /^(?:client|intervention)Id$/.test(name) || uuidKeyed.has(type.replace(/Connection$/, ''));

/** Whether two selections of one object may stand side by side. */
function agree(one: Scope, other: Scope): boolean {
  return [...one].every(([key, { asked, below }]) => {
    const there = other.get(key);
    return !there || (there.asked === asked && agree(below, there.below));
  });
}

function merge(from: Scope, into: Scope): void {
  for (const [key, { asked, below }] of from) {
    const there = into.get(key) ?? { asked, below: new Map() as Scope };
    into.set(key, there);
    merge(below, there.below);
  }
}

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Variable ? undefined : inner)) ?? 'null',
  ) as unknown;

function literal(value: unknown): string {
  if (value instanceof Variable) return `$${value.name}`;
  if (value instanceof Bare) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, inner]) => `${name}: ${literal(inner)}`)
      .join(', ')} }`;
  return JSON.stringify(value);
}
