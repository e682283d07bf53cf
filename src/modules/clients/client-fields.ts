import { isUniqueViolation } from '../../db/sql-client.js';
import { checkedName, checkedText } from '../../lib/checked-values.js';
import { badInput, duplicateField, type FieldProblem } from '../../lib/errors.js';
import { isEmail, phonePattern } from '../../lib/person-rules.js';
import { ClientStatus } from './client.entity.js';

/** What is said of a client. Absent leaves it as it is; null and blanks empty what may be empty. */
export interface ClientFields {
  name?: string | null | undefined;
  companyName?: string | null | undefined;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  address?: string | null | undefined;
  contactName?: string | null | undefined;
  notes?: string | null | undefined;
  status?: ClientStatus | null | undefined;
}

/** What a client is, checked. */
export interface ClientFacts {
  name: string;
  companyName: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  contactName: string | null;
  notes: string | null;
  status: ClientStatus;
}

/** Longest values of a client's fields, in characters. */
const longest = { name: 255, companyName: 255, email: 254, phone: 20, address: 1000, contactName: 255, notes: 10_000 };

const isName = (field: keyof typeof longest): boolean => field === 'companyName' || field === 'contactName';

/** What a new client is where nothing is said. */
export const newClient: ClientFacts = {
  name: '',
  companyName: null,
  email: null,
  phone: null,
  address: null,
  contactName: null,
  notes: null,
  status: ClientStatus.ACTIVE,
};

/** The client that is meant: what is given over what was before. Throws BAD_USER_INPUT with every problem. */
export function checkClient(given: ClientFields, before: ClientFacts): ClientFacts {
  const problems: FieldProblem[] = [];
  const text = (field: Exclude<keyof typeof longest, 'name'>): string | null =>
    given[field] === undefined
      ? before[field]
      : (isName(field) ? checkedName : checkedText)(given[field] ?? '', [field], problems, {
          max: longest[field],
          isRequired: false,
        }) || null;
  const name =
    given.name === undefined
      ? checkedText(before.name, ['name'], problems, { max: longest.name, isRequired: true })
      : checkedName(given.name ?? '', ['name'], problems, { max: longest.name });
  const email = text('email');
  if (email !== null && !isEmail(email))
    problems.push({ path: ['email'], code: 'invalid_format', message: 'is no e-mail address' });
  const phone = text('phone')?.replace(/\s/g, ' ') ?? null;
  if (phone !== null && !phonePattern.test(phone))
    problems.push({ path: ['phone'], code: 'invalid_format', message: 'only digits, spaces and + . - ( )' });
  const facts = {
    name,
    companyName: text('companyName'),
    email,
    phone,
    address: text('address'),
    contactName: text('contactName'),
    notes: text('notes'),
    status: given.status ?? before.status,
  };
  if (problems.length) throw badInput(problems);
  return facts;
}

/** Resolves as `work` does; throws CONFLICT when it gives a client an address that another one has. */
export async function withItsOwnEmail<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error, 'clients_email_key'))
      throw duplicateField('Client', 'email', 'Another client has this address');
    throw error;
  }
}
