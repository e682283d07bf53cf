import type { EntityShape, ScalarColumn, ToOne } from './metadata.js';
import type { Level, ViewerSql } from './plan.js';
import { StatementCache } from './statement-cache.js';

/** A level while it is compiled: projections that ask for the same column or relation share it. */
export class LevelBuilder {
  readonly level: Level;
  readonly #cells = new Map<string, number>();
  readonly #aliases = new Map<string, string>();

  constructor(shape: EntityShape, depth: number) {
    this.level = {
      shape,
      depth,
      alias: depth ? `t${depth}` : 't',
      columns: [],
      longCells: new Set(),
      joins: [],
      isShared: shape.model.isShared === true,
      projections: [],
      steps: [],
      computed: [],
      hasComputed: false,
      variables: [],
      statements: new StatementCache(),
    };
  }

  /** The cell of the primary key of the row called `alias`. */
  keyCell(alias: string): number {
    return this.#cell(`${alias}.id`, () => `${alias}.id`);
  }

  /** The cell of a column; null for viewers whom it is guarded from. */
  scalarCell(shape: EntityShape, alias: string, column: ScalarColumn): number {
    const cell = this.#cell(`${alias}.${column.column} ${column.property}`, columnSql(shape, alias, column));
    if (column.isLong) this.level.longCells.add(cell);
    return cell;
  }

  #cell(identity: string, sql: ViewerSql): number {
    const cell = this.#cells.get(identity) ?? this.level.columns.push(sql) - 1;
    this.#cells.set(identity, cell);
    return cell;
  }

  /** The alias of the row that a to-one relation of the row called `alias` leads to, if the viewer may see it. */
  join(alias: string, property: string, { own, other }: ToOne, target: EntityShape): string {
    const identity = `${alias} ${property}`;
    const known = this.#aliases.get(identity);
    if (known) return known;
    // Numbered within the level, so that equal selections give equal SQL in every document.
    const joined = `${this.level.alias}j${this.level.joins.length + 1}`;
    this.#aliases.set(identity, joined);
    if (!target.model.isShared) this.level.isShared = false;
    this.level.joins.push((viewer, bind) => {
      const visible = target.model.visibleTo(viewer)(joined, bind);
      const condition = visible === 'true' ? '' : ` and (${visible})`;
      return ` left join ${target.table} ${joined} on ${joined}.${other} = ${alias}.${own}${condition}`;
    });
    return joined;
  }
}

function columnSql(shape: EntityShape, alias: string, { property, column }: ScalarColumn): ViewerSql {
  const plain = `${alias}.${column}`;
  const { guarded } = shape.model;
  if (!guarded?.properties.includes(property)) return () => plain;
  return (viewer, bind) => {
    const visible = guarded.visibleTo(viewer)(alias, bind);
    return visible === 'true' ? plain : `case when ${visible} then ${plain} end`;
  };
}
