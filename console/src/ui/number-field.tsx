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

/**
 * How an amount beside the field of its currency is written: with the decimals that are usual in the currency, and with
 * up to two where it has them nevertheless, so that the field never rounds what was saved. Two for what is no currency
 * (yet).
 */
export function amountFormat(currency: string | null): Intl.NumberFormatOptions {
  const usual = /^[A-Z]{3}$/.test(currency ?? '')
    ? new Intl.NumberFormat('en', { style: 'currency', currency: currency! }).resolvedOptions().maximumFractionDigits
    : 2;
  return { minimumFractionDigits: Math.min(usual ?? 2, 2), maximumFractionDigits: 2 };
}
