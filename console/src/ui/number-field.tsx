import { Input, Label, NumberField as AriaNumberField } from 'react-aria-components';
import { type Around, Below } from './field-parts';

interface NumberFieldProps extends Around {
  name?: string;
  value?: number;
  defaultValue?: number;
  minValue?: number;
  maxValue?: number;
  step?: number;
  isRequired?: boolean;
  isDisabled?: boolean;
  autoFocus?: boolean;
  formatOptions?: Intl.NumberFormatOptions;
  onChange?: (value: number) => void;
}

/** A number as the reader writes it; NaN for an empty field. The form has it as plain decimal text. */
export const NumberField = ({ label, description, ...props }: NumberFieldProps) => (
  <AriaNumberField {...props}>
    <Label>{label}</Label>
    <Input />
    <Below description={description} />
  </AriaNumberField>
);

/** An amount in a currency, to the cent. */
export const MoneyField = ({ currency, ...props }: Omit<NumberFieldProps, 'formatOptions'> & { currency: string }) => (
  <NumberField step={0.01} formatOptions={{ style: 'currency', currency, currencyDisplay: 'symbol' }} {...props} />
);
