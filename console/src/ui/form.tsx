import { type ReactNode, use, useEffect, useRef, useState } from 'react';
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
import { InDialog } from './in-dialog';
import { Problem } from './notice';

interface FormProps {
  children: ReactNode;
  /**
   * The form's values by the names of its fields. `isAsSent` says later whether they are still the same: what was typed
   * meanwhile must not be cleared with them. In a dialog nothing can be typed until the promise that this returns
   * settles: the dialog closes then.
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
  const isInDialog = use(InDialog);
  const [isWaiting, waitFor] = useWaiting();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const wrong = error && !isWaiting ? form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') : undefined;
    // On a phone what is wrong may be out of sight. Whoever goes on typing is not interrupted.
    if (wrong && !document.activeElement?.matches('input, textarea')) wrong.focus();
  }, [error, isWaiting]);
  return (
    <AriaForm
      ref={form}
      className={isInline ? 'form-row' : 'form'}
      inert={isWaiting}
      aria-busy={isWaiting}
      validationErrors={fieldProblems(error)}
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const sent = new FormData(form);
        const done = onSubmit(sent, () => textOfAll(sent) === textOfAll(new FormData(form)));
        if (isInDialog && done instanceof Promise) void waitFor(form, done);
      }}
    >
      {shown !== undefined && <Problem>{shown}</Problem>}
      {children}
    </AriaForm>
  );
}

/**
 * Whether an answer is waited for, and what waits for one: the keyboard is the dialog's meanwhile, so that Escape still
 * closes it, and goes back to where it was when the form stays.
 */
function useWaiting() {
  const [isWaiting, setWaiting] = useState(false);
  const left = useRef<{ focused: HTMLElement; dialog: HTMLElement }>(undefined);
  useEffect(() => {
    if (isWaiting || !left.current) return;
    const { focused, dialog } = left.current;
    left.current = undefined;
    if (document.activeElement === dialog) focused.focus();
  }, [isWaiting]);
  const waitFor = async (form: HTMLElement, done: Promise<unknown>): Promise<void> => {
    const dialog = form.closest<HTMLElement>('[role=dialog], [role=alertdialog]');
    const focused = document.activeElement;
    if (dialog && focused instanceof HTMLElement && form.contains(focused)) {
      left.current = { focused, dialog };
      dialog.focus();
    }
    setWaiting(true);
    try {
      await done;
    } finally {
      setWaiting(false);
    }
  };
  return [isWaiting, waitFor] as const;
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
