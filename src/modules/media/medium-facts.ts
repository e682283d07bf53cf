import type { RowChanges } from '../../db/sql.js';
import { checkedMoment, checkedName, checkedRange, checkedText } from '../../lib/checked-values.js';
import type { FieldProblem } from '../../lib/errors.js';
import type { MediumFactsInput } from './medium-mutations.inputs.js';
import type { Medium } from './medium.entity.js';

/** What people state about a file from the field. Undefined states nothing, null states that there is none. */
export type MediumFacts = { readonly [K in keyof MediumFactsInput]?: MediumFactsInput[K] | undefined };

const maxTags = 50;
const longestTag = 100;
const longestText = 10_000;
const longestName = 2000;
const mostMetres = 10_000_000;

/** The columns of the facts that are stated; adds what is wrong with them to `problems`. */
export function checkedFacts(facts: MediumFacts, problems: FieldProblem[]): RowChanges<Medium> {
  const text = (name: 'description' | 'annotations' | 'device' | 'captureMode', max: number) => {
    const given = facts[name];
    return given == null ? given : checkedText(given, [name], problems, { max }) || null;
  };
  const metres = (name: 'gpsAccuracy' | 'altitude', min: number) => {
    const given = facts[name];
    if (given == null) return given;
    checkedRange(given, [name], problems, { min, max: mostMetres });
    return given.toFixed(2);
  };
  return {
    kind: facts.kind ?? undefined,
    description: text('description', longestText),
    annotations: text('annotations', longestText),
    device: text('device', longestName),
    captureMode: text('captureMode', longestName),
    tags: facts.tags === undefined ? undefined : checkedTags(facts.tags ?? [], problems),
    takenAt: facts.takenAt == null ? facts.takenAt : checkedMoment(facts.takenAt, ['takenAt'], problems),
    ...checkedPlace(facts, problems),
    gpsAccuracy: metres('gpsAccuracy', 0),
    altitude: metres('altitude', -mostMetres),
  };
}

/** The properties of the facts that are stated. */
export const namesOfFacts = (changes: RowChanges<Medium>): (keyof Medium)[] =>
  (Object.keys(changes) as (keyof Medium)[]).filter((name) => changes[name] !== undefined);

function checkedPlace(
  { latitude, longitude }: MediumFacts,
  problems: FieldProblem[],
): Pick<RowChanges<Medium>, 'latitude' | 'longitude'> {
  if ((latitude == null) !== (longitude == null)) {
    const missing = latitude == null ? 'latitude' : 'longitude';
    problems.push({ path: [missing], code: 'required', message: 'must be given with the other' });
  }
  if (latitude != null) checkedRange(Number(latitude), ['latitude'], problems, { min: -90, max: 90 });
  return { latitude, longitude };
}

/** Each once, in the order given, without empty ones. */
function checkedTags(tags: readonly string[], problems: FieldProblem[]): string[] {
  const checked = tags.map((tag, index) =>
    checkedName(tag, ['tags', String(index)], problems, { max: longestTag, isRequired: false }),
  );
  const distinct = [...new Set(checked.filter(Boolean))];
  if (distinct.length > maxTags)
    problems.push({ path: ['tags'], code: 'too_long', message: `At most ${maxTags} tags` });
  return distinct;
}
