import type { ReactNode } from 'react';
import {
  Form as AriaForm,
  Input,
  Label,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps,
} from 'react-aria-components';
import { fieldProblems, formProblem } from '../graph/problems';
import { type Around, Below } from './field-parts';
import { Problem } from './notice';

interface FormProps {
  children: ReactNode;
  /**
   * The form's values by the names of its fields. `isAsSent` says later whether they are still the same: what was typed
   * meanwhile must not be cleared with them.
   */
  onSubmit: (values: FormData, isAsSent: () => boolean) => unknown;
  /** What the graph refused: each problem is shown at the field of its name, the others above the form. */
  error?: unknown;
  /** The names of the fields that show their own problems. */
  names?: readonly string[];
  problem?: string | undefined;
  /** Of a form in a row. */
  isInline?: boolean;
}

export function Form({ children, onSubmit, error, names = [], problem, isInline = false }: FormProps) {
  const shown = problem ?? formProblem(error, names);
  return (
    <AriaForm
      className={isInline ? 'form-row' : 'form'}
      validationErrors={fieldProblems(error)}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const sent = new FormData(form);
        void onSubmit(sent, () => textOfAll(sent) === textOfAll(new FormData(form)));
      }}
    >
      {shown !== undefined && <Problem>{shown}</Problem>}
      {children}
    </AriaForm>
  );
}

const textOfAll = (values: FormData): string =>
  JSON.stringify([...values].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]));

export const TextField = ({
  label,
  description,
  isMultiline = false,
  rows = 3,
  placeholder,
  autoCapitalize,
  ...props
}: Omit<TextFieldProps, 'children'> &
  Around & { isMultiline?: boolean; rows?: number; placeholder?: string; autoCapitalize?: 'none' }) => (
  <AriaTextField {...props}>
    <Label>{label}</Label>
    {isMultiline ? (
      <TextArea rows={rows} placeholder={placeholder} />
    ) : (
      <Input placeholder={placeholder} autoCapitalize={autoCapitalize} />
    )}
    <Below description={description} />
  </AriaTextField>
);
