import { FieldError, Text } from 'react-aria-components';
import './fields.css';

export interface Around {
  label: string;
  description?: string | undefined;
}

/** What stands below each field: what it is for, and what is wrong with it. */
export const Below = ({ description }: Pick<Around, 'description'>) => (
  <>
    {description !== undefined && <Text slot="description">{description}</Text>}
    <FieldError />
  </>
);
