import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Select } from '../ui/choice-fields';
import { Form, TextField } from '../ui/form';
import { Card, EmptyState } from '../ui/page';
import { tell } from '../ui/toast';
import { ChangePluginSettingsOperation } from './operations.gen';
import type { PluginFound } from './plugin-page';
import { words } from './words';

interface Property {
  type?: string;
  title?: string;
  description?: string;
  enum?: readonly unknown[];
  default?: unknown;
}

/** What of a JSON Schema makes a form: the properties of its object. */
const propertiesOf = (schema: unknown): readonly [string, Property][] =>
  Object.entries((schema as { properties?: Record<string, Property> } | null)?.properties ?? {});

const typed = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** The server names what is wrong with a setting by this path. */
const fieldOf = (name: string): string => `settings.${name}`;

/** What was typed as the schema has it; null takes a setting away, undefined leaves a secret as it is. */
function valueOf(values: FormData, name: string, property: Property, isSecret: boolean): unknown {
  if (property.type === 'boolean') return values.has(fieldOf(name));
  const text = String(values.get(fieldOf(name)) ?? '').trim();
  if (text === '') return isSecret ? undefined : null;
  if (property.type === 'number' || property.type === 'integer') return Number(text);
  if (property.type === 'object' || property.type === 'array') return JSON.parse(text);
  return text;
}

/** A form made of the schema that the plugin's manifest has. */
export function PluginSettings({ plugin }: { plugin: PluginFound }) {
  const t = useWords(words);
  const may = useMay();
  const [problem, setProblem] = useState<string>();
  const change = useAction(ChangePluginSettingsOperation, { touches: ['plugins'], onDone: () => tell(t('saved')) });
  const properties = propertiesOf(plugin.settingsSchema);
  const settings = (plugin.settings ?? {}) as Record<string, unknown>;
  if (properties.length === 0) return <EmptyState title={t('noSettings')} text={t('noSettingsText')} />;
  const submit = (values: FormData) => {
    setProblem(undefined);
    try {
      const given = properties
        .map(([name, property]) => [name, valueOf(values, name, property, plugin.secretSettings.includes(name))])
        .filter(([, value]) => value !== undefined);
      return change.run({ input: { id: plugin.id, settings: Object.fromEntries(given) } });
    } catch {
      setProblem(t('noJson'));
      return undefined;
    }
  };
  return (
    <Card title={t('settings')}>
      <Form onSubmit={submit} error={change.error} problem={problem} names={properties.map(([name]) => fieldOf(name))}>
        {properties.map(([name, property]) => {
          const isSecret = plugin.secretSettings.includes(name);
          const label = property.title ?? name;
          if (property.type === 'boolean')
            return (
              <Checkbox
                key={name}
                name={fieldOf(name)}
                defaultSelected={Boolean(settings[name] ?? property.default)}
                {...(property.description !== undefined && { description: property.description })}
              >
                {label}
              </Checkbox>
            );
          if (property.enum)
            return (
              <Select
                key={name}
                name={fieldOf(name)}
                label={label}
                description={property.description}
                defaultValue={typed(settings[name] ?? property.default) || null}
                choices={property.enum.map((each) => ({ id: String(each), label: String(each) }))}
              />
            );
          const isJson = property.type === 'object' || property.type === 'array';
          const value = settings[name] ?? property.default;
          return (
            <TextField
              key={name}
              name={fieldOf(name)}
              label={label}
              description={isSecret ? t('secretHint') : property.description}
              type={isSecret ? 'password' : 'text'}
              autoComplete="off"
              isMultiline={isJson}
              defaultValue={isSecret ? '' : isJson && value ? JSON.stringify(value, null, 2) : typed(value)}
            />
          );
        })}
        {may('plugins:manage') && (
          <div className="row">
            <Button type="submit" kind="primary" isPending={change.isRunning}>
              {t('save')}
            </Button>
          </div>
        )}
      </Form>
    </Card>
  );
}
