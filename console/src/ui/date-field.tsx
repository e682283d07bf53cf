import { parseDate } from '@internationalized/date';
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import {
  Button as AriaButton,
  Calendar,
  CalendarCell,
  CalendarGrid,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  Label,
  Popover,
} from 'react-aria-components';
import { type Around, Below } from './field-parts';

interface DateFieldProps extends Around {
  name?: string;
  /** `2026-03-01`; null: none. */
  value?: string | null;
  defaultValue?: string | null;
  isRequired?: boolean;
  isDisabled?: boolean;
  minValue?: string;
  onChange?: (value: string | null) => void;
}

const dayOf = (value: string) => parseDate(value.slice(0, 10));

/** A day, typed or taken from a calendar; the form has it as `2026-03-01`. */
export function DateField({ label, description, value, defaultValue, minValue, onChange, ...props }: DateFieldProps) {
  return (
    <DatePicker
      {...props}
      {...(value !== undefined && { value: value === null ? null : dayOf(value) })}
      {...(defaultValue != null && { defaultValue: dayOf(defaultValue) })}
      {...(minValue !== undefined && { minValue: dayOf(minValue) })}
      {...(onChange && { onChange: (day: { toString: () => string } | null) => onChange(day?.toString() ?? null) })}
    >
      <Label>{label}</Label>
      <Group className="date-group">
        <DateInput>{(segment) => <DateSegment segment={segment} />}</DateInput>
        <AriaButton className="combo-button">
          <CalendarDays size={18} aria-hidden />
        </AriaButton>
      </Group>
      <Below description={description} />
      <Popover className="popover">
        <Dialog className="calendar-dialog">
          <Calendar>
            <header>
              <AriaButton slot="previous" className="combo-button">
                <ChevronLeft size={18} aria-hidden />
              </AriaButton>
              <Heading />
              <AriaButton slot="next" className="combo-button">
                <ChevronRight size={18} aria-hidden />
              </AriaButton>
            </header>
            <CalendarGrid>{(date) => <CalendarCell date={date} />}</CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  );
}
