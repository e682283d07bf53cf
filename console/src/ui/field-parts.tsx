import { useContext, useState } from 'react';
import { FieldError, FieldErrorContext, Text } from 'react-aria-components';
import './fields.css';

export interface Around {
  label: string;
  description?: string | undefined;
}

/** What stands below each field: what it is for, and what is wrong with it. */
export const Below = ({ description }: Pick<Around, 'description'>) => (
  <>
    {description !== undefined && <Text slot="description">{description}</Text>}
    <FieldProblem />
  </>
);

/** What is wrong; its place stays when it is mended, so that what is below does not move away under a click. */
function FieldProblem() {
  const { isInvalid, validationErrors } = useContext(FieldErrorContext) ?? { isInvalid: false, validationErrors: [] };
  const [shown, setShown] = useState<string>();
  const text = validationErrors.join(' ');
  if (isInvalid && text !== shown) setShown(text);
  return isInvalid || shown === undefined ? <FieldError /> : <span className="field-problem-gone" data-was={shown} />;
}
