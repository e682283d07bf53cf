import { Search, X } from 'lucide-react';
import { Button as AriaButton, Input, SearchField as AriaSearchField } from 'react-aria-components';
import './fields.css';

interface SearchFieldProps {
  label: string;
  value?: string;
  defaultValue?: string;
  placeholder?: string;
  onChange?: (typed: string) => void;
  onSubmit?: (typed: string) => void;
  onClear?: () => void;
  autoFocus?: boolean;
}

export function SearchField({ label, placeholder, ...props }: SearchFieldProps) {
  return (
    <AriaSearchField {...props} aria-label={label} className="search-field">
      <Search size={18} aria-hidden />
      <Input placeholder={placeholder ?? label} />
      <AriaButton className="combo-button">
        <X size={16} aria-hidden />
      </AriaButton>
    </AriaSearchField>
  );
}
