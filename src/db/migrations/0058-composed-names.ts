import { Migration } from '@mikro-orm/migrations';

/**
 * Names that were stored before they were composed (NFC) are composed, so that they are found by what is typed. One that
 * would then be the name of another stays as it is: nobody knows which of the two is meant.
 */
export class Migration0058 extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }

  override down(): void {
    throw new Error('Migrations go forward only');
  }
}

/** Unique in its table, whatever the case of its letters. */
const unique = (table: string, column: string): string =>
  `update ${table} each set ${column} = normalize(each.${column})
     where each.${column} is not nfc normalized
       and not exists (
         select from ${table} other
          where other.id <> each.id and lower(normalize(other.${column})) = lower(normalize(each.${column})))`;

const plain = (table: string, column: string): string =>
  `update ${table} set ${column} = normalize(${column}) where ${column} is not nfc normalized`;

const statements = [
  unique('tags', 'name'),
  unique('correspondents', 'name'),
  unique('custom_fields', 'name'),
  plain('document_types', 'label'),
  unique('users', 'username'),
  unique('users', 'email'),
  ...['first_name', 'last_name', 'street', 'city', 'country'].map((column) => plain('users', column)),
];
