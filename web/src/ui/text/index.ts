import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';

/** The same keys with any texts: what a further language must fill. */
export type Texts<Shape = typeof en> = { [Key in keyof Shape]: Shape[Key] extends string ? string : Texts<Shape[Key]> };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'parley';
    resources: { parley: typeof en };
  }
}

// Further languages are loaded on demand from here; English is in the first script, since every text falls back to it.
const languages: Record<string, () => Promise<Texts>> = {
  en: () => Promise.resolve(en),
};
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur']);

export const language =
  (navigator.languages ?? ['en']).map((tag) => tag.split('-')[0] ?? '').find((tag) => tag in languages) ?? 'en';

/** The same language as this person's region writes it: en-GB has other times than en-US. */
export const formatLocale = navigator.languages?.find((tag) => tag.split('-')[0] === language) ?? language;

export async function startTexts(): Promise<void> {
  const texts = (await languages[language]?.()) ?? en;
  document.documentElement.lang = language;
  document.documentElement.dir = rightToLeft.has(language) ? 'rtl' : 'ltr';
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'parley',
    resources: { en: { parley: en }, [language]: { parley: texts } },
    interpolation: { escapeValue: false },
  });
}
