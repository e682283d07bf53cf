import type { TaskAction, TaskActions } from '../../../kernel/task-action.js';
import type { FieldProblem } from '../../../lib/errors.js';

export interface NamedAction {
  name: string;
  action: TaskAction;
}

/** What tasks can do in this process: the actions of the modules, and those of plugins as they come and go. */
export class ActionRegistry {
  readonly #actions = new Map<string, TaskAction>();

  constructor(actions: TaskActions) {
    for (const [name, action] of Object.entries(actions)) this.#actions.set(name, action);
  }

  /** In the order of their names. */
  list(): NamedAction[] {
    return [...this.#actions]
      .map(([name, action]) => ({ name, action }))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  names(): string[] {
    return [...this.#actions.keys()];
  }

  find(name: string): TaskAction | undefined {
    return this.#actions.get(name);
  }

  /** The actions of a plugin, as `<plugin id>.<name>`; those that it had are gone. */
  addOfPlugin(pluginId: string, actions: TaskActions): void {
    this.removeOfPlugin(pluginId);
    for (const [name, action] of Object.entries(actions)) this.#actions.set(`${pluginId}.${name}`, action);
  }

  /** The same with a plugin's actions in the place of those that it had: for what is not committed yet. */
  withPlugin(pluginId: string, actions: TaskActions): ActionRegistry {
    const registry = new ActionRegistry(Object.fromEntries(this.#actions));
    registry.addOfPlugin(pluginId, actions);
    return registry;
  }

  removeOfPlugin(pluginId: string): void {
    for (const name of this.names()) if (name.startsWith(`${pluginId}.`)) this.#actions.delete(name);
  }

  /** Adds a problem when there is no such action, or for each field of `params` that it does not take. */
  check(name: string, params: unknown, problems: FieldProblem[]): void {
    const action = this.find(name);
    if (!action) {
      problems.push({
        path: ['action'],
        code: 'unknown_reference',
        message: 'There is no such action',
        known: this.names().toSorted(),
      });
      return;
    }
    problems.push(...problemsOfParams(action, params));
  }
}

/** What is wrong with what an action is told, under `params`. */
function problemsOfParams(action: TaskAction, params: unknown): FieldProblem[] {
  const result = action.params.safeParse(params);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => {
    const path = ['params', ...issue.path.map(String)];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key): FieldProblem => ({
        path: [...path, key],
        code: 'not_allowed',
        message: 'The action does not take it',
      }));
    return [{ path, code: codeOf(issue), message: issue.message }];
  });
}

function codeOf(issue: { code?: string; input?: unknown; message: string }): FieldProblem['code'] {
  switch (issue.code) {
    case 'too_small':
      return 'too_small';
    case 'too_big':
      return 'too_large';
    case 'invalid_format':
      return 'invalid_format';
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined') ? 'required' : 'invalid';
    default:
      return 'invalid';
  }
}
