import type { Tree } from './tree.js';

const list = 'src/db/migrations/index.ts';

/** Makes the next migration, with one or more statements, and registers it. Returns its path. */
export function addMigration(tree: Tree, what: string, sql: string): string {
  const numbers = tree.find('src/db/migrations/[0-9]*.ts').map((path) => Number(/(\d{4})-/.exec(path)?.[1]));
  const number = String(Math.max(...numbers) + 1).padStart(4, '0');
  const path = `src/db/migrations/${number}-${what}.ts`;
  tree.create(
    path,
    `import { Migration } from '@mikro-orm/migrations';
import { statementsOf } from './statements.js';

export class Migration${number} extends Migration {
  override up(): void {
    for (const statement of statementsOf(changes)) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

const changes = /* sql */ \`
${sql.trim()}
\`;
`,
  );
  tree.addImport(list, `Migration${number}`, path);
  tree.addToList(list, 'migrations = ', `{ name: '${number}-${what}', class: Migration${number} }`);
  return path;
}
