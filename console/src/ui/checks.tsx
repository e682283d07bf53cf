import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox, type CheckboxProps, Switch as AriaSwitch } from 'react-aria-components';
import './fields.css';

export const Checkbox = ({
  children,
  description,
  ...props
}: Omit<CheckboxProps, 'children' | 'className'> & { children?: ReactNode; description?: string }) => (
  <AriaCheckbox {...props} className="checkbox">
    {({ isSelected, isIndeterminate }) => (
      <>
        <span className="checkbox-box" aria-hidden>
          {isIndeterminate ? <Minus size={14} /> : isSelected && <Check size={14} />}
        </span>
        {children !== undefined && (
          <span>
            {children}
            {description !== undefined && <span className="checkbox-description">{description}</span>}
          </span>
        )}
      </>
    )}
  </AriaCheckbox>
);

export const Switch = ({
  children,
  ...props
}: {
  children: ReactNode;
  name?: string;
  isSelected?: boolean;
  defaultSelected?: boolean;
  isDisabled?: boolean;
  onChange?: (isSelected: boolean) => void;
}) => (
  <AriaSwitch {...props} className="switch">
    <span className="switch-track" aria-hidden>
      <span className="switch-knob" />
    </span>
    {children}
  </AriaSwitch>
);
