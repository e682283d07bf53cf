import type { ListArgs } from '../../kernel/connection.js';
import type { Seek, SoughtCount } from '../../kernel/seek.js';
import { joinsSql, selectList, sortColumn } from './level-sql.js';
import { alwaysSql, needsRows, orderSql, type Page, pageOf, readSize } from './page.js';
import type { ConnectionPlan, Level, Plan } from './plan.js';
import { type LevelResult, pageResult, type ResultRow } from './result.js';
import { prepare, readBelow, type RunContext } from './run.js';
import { allOf } from './sql.js';

/** One page of a list whose rows `seek` finds. */
export async function readSought(plan: Plan, args: ListArgs, seek: Seek, run: RunContext): Promise<LevelResult> {
  const { level } = plan;
  const connection = plan.connection as ConnectionPlan;
  const page = pageOf(args, level.shape);
  const readRows = async () => {
    const ids = needsRows(page, connection) ? await idsOf(page, connection, seek) : [];
    const rows = await readInOrder(level, { connection, page, ids: ids.slice(0, page.size) }, run);
    return { rows, rowCount: ids.length, below: await readBelow(level, rows, run) };
  };
  const [{ rows, rowCount, below }, counted] = await Promise.all([
    readRows(),
    connection.needsTotalCount || connection.needsIsEstimated ? seek.count() : undefined,
  ]);
  const { totalCount, isEstimated } = wholeOf(page, connection, rowCount) ?? counted ?? noCount;
  return { rows, below, page: pageResult(level, page, connection, { rowCount, totalCount, isEstimated }) };
}

const noCount: SoughtCount = { totalCount: 0, isEstimated: false };

/** The count where the list ends on the page, which needs no estimate; undefined: it may go on, or be empty before. */
function wholeOf(page: Page, connection: ConnectionPlan, rowCount: number): SoughtCount | undefined {
  const { after, before, offset } = page;
  const isWhole = needsRows(page, connection) && !after && !before && rowCount < readSize(page, connection);
  return isWhole && (rowCount > 0 || offset === 0) ? { totalCount: offset + rowCount, isEstimated: false } : undefined;
}

async function idsOf(page: Page, connection: ConnectionPlan, seek: Seek): Promise<readonly number[]> {
  const { sort, descending, isBackward, after, before, offset } = page;
  const ids = await seek.ids({
    sort,
    descending: descending !== isBackward,
    after: isBackward ? before : after,
    until: isBackward ? after : before,
    limit: offset + readSize(page, connection),
  });
  return ids.slice(offset);
}

interface Found {
  connection: ConnectionPlan;
  page: Page;
  ids: readonly number[];
}

/** In the order of the list. What has gone since it was found, or out of sight, is left out. */
async function readInOrder(level: Level, { connection, page, ids }: Found, run: RunContext): Promise<ResultRow[]> {
  if (ids.length === 0) return [];
  const { shape, alias } = level;
  const key = JSON.stringify(['sought', page.orderBy, page.isBackward]);
  const { text, values } = level.statements.for(run.viewer, key, () =>
    prepare(
      level,
      run,
      ({ viewer, bind }) => {
        const columns = [...selectList(level, viewer, bind), ...sortColumn(page, connection, alias)].join(', ');
        const where = allOf([
          `${alias}.id = any($1::${shape.keyType}[])`,
          shape.model.visibleTo(viewer)(alias, bind),
          alwaysSql(shape, page, alias, bind),
        ]);
        const order = orderSql(page, alias);
        return `select ${columns} from ${shape.table} ${alias}${joinsSql(level, viewer, bind)} where ${where}${order}`;
      },
      1,
    ),
  );
  const rows = await run.read(level.longCells.size ? 'long' : 'short', text, [`{${ids.join(',')}}`, ...values]);
  return page.isBackward ? rows.toReversed() : rows;
}
