import { z } from 'zod';
import { settings } from './settings.js';

/** The text of `.env.example`: each setting with what it is for, commented out, with its default or an example. */
export function envExample(): string {
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  const blocks = Object.entries(settings.shape).flatMap(([name, setting]) => {
    const { description, examples } = setting.meta() ?? {};
    const example = (properties[name] as { default?: unknown }).default ?? (examples as unknown[] | undefined)?.[0];
    return description === undefined ? [] : [`# ${description}\n# ${name}=${valueText(String(example ?? ''))}\n`];
  });
  return `${head}\n${blocks.join('\n')}`;
}

const head = `# Passerelle reads the file .env of the folder that it is started in; the environment rules over it.
# Made from src/config/settings.ts: copy it to .env and change the copy.
`;

const valueText = (text: string): string => (/[\s"]/.test(text) ? `'${text}'` : text);
