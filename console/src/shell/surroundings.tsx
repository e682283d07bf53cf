import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { I18nProvider, RouterProvider } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/words.js';

/** Has the links and languages of the components follow the router's and ours. */
export function Surroundings({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const navigate = useNavigate();
  return (
    <I18nProvider locale={localeOf(i18n.language)}>
      <RouterProvider navigate={(href) => void navigate({ href })} useHref={(href) => `/console${href}`}>
        {children}
      </RouterProvider>
    </I18nProvider>
  );
}
