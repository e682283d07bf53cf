import type { CommandContext } from '../../kernel/command.js';
import { checkedName, checkedText } from '../../lib/checked-values.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { type Configuration, readConfiguration } from './configuration.js';
import { deliverySettings } from './delivery-settings.js';
import { integrationKinds } from './integration-kinds.js';
import type { IntegrationKind } from './integration.entity.js';

export interface IntegrationFields {
  name?: string | null | undefined;
  description?: string | null | undefined;
  configuration?: unknown;
}

/**
 * Returns the given fields and, of a kind that is delivered to, the webhook that they describe; undefined and null
 * stand for absent. Throws BAD_USER_INPUT with every problem.
 */
export function checkIntegration(
  ctx: CommandContext,
  input: IntegrationFields,
  before: { kind: IntegrationKind; configuration: Configuration },
) {
  const problems: FieldProblem[] = [];
  const name = input.name == null ? undefined : checkedName(input.name, ['name'], problems, { max: 100 });
  const description =
    input.description == null ? undefined : checkedText(input.description, ['description'], problems, { max: 1_000 });
  const { kind } = before;
  const known = problems.length;
  const configuration =
    input.configuration == null ? undefined : readConfiguration(input.configuration, before.configuration, problems);
  const isReadable = configuration !== undefined && problems.length === known;
  const delivery =
    isReadable && integrationKinds[kind].isAvailable
      ? deliverySettings(ctx, { kind, name, description }, configuration, problems)
      : undefined;
  if (problems.length) throw badInput(problems);
  return { name, description, configuration, delivery };
}
