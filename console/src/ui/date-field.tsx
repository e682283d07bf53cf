import { getLocalTimeZone, parseAbsolute, parseDate, toCalendarDateTime } from '@internationalized/date';
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
      <PickerParts label={label} description={description} />
    </DatePicker>
  );
}

type DateTimeFieldProps = Omit<DateFieldProps, 'minValue'>;

/** A moment as the clock of the device shows it. */
const clockOf = (moment: string) => toCalendarDateTime(parseAbsolute(moment, getLocalTimeZone()));

/**
 * A day and a time on the clock of the device. Values are moments (`2026-03-01T08:00:00Z`); the form has the clock's
 * time, without a zone, which `momentOf` reads.
 */
export function DateTimeField({ label, description, value, defaultValue, onChange, ...props }: DateTimeFieldProps) {
  return (
    <DatePicker
      {...props}
      granularity="minute"
      hideTimeZone
      {...(value !== undefined && { value: value === null ? null : clockOf(value) })}
      {...(defaultValue != null && { defaultValue: clockOf(defaultValue) })}
      {...(onChange && {
        onChange: (at: { toString: () => string } | null) =>
          onChange(at === null ? null : new Date(at.toString()).toISOString()),
      })}
    >
      <PickerParts label={label} description={description} />
    </DatePicker>
  );
}

const PickerParts = ({ label, description }: Around) => (
  <>
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
  </>
);
