/** The language of the screen: the person's choice, else the browser's, else English. */
import { english, type Catalogue } from '@/i18n/english';
import { korean } from '@/i18n/korean';
import { remember, recall } from '@/shell/memory';

export const LOCALES = ['ko', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const CATALOGUES: Record<Locale, Catalogue> = { ko: korean, en: english };
const KEY = 'locale';

function isLocale(text: unknown): text is Locale {
  return LOCALES.includes(text as Locale);
}

export function chooseLocale(chosen: unknown, preferred: readonly string[]): Locale {
  if (isLocale(chosen)) return chosen;
  const languages = preferred.map((tag) => tag.split('-')[0]);
  return languages.find(isLocale) ?? 'en';
}

class I18n {
  locale: Locale = $state(chooseLocale(recall(KEY), navigator.languages));
  readonly t: Catalogue = $derived(CATALOGUES[this.locale]);

  /** By the person, rather than guessed from the browser. */
  isChosen = recall(KEY) !== null;

  choose(locale: Locale): void {
    this.locale = locale;
    this.isChosen = true;
    remember(KEY, locale);
  }
}

export const i18n = new I18n();
export const catalogueOf = (locale: Locale): Catalogue => CATALOGUES[locale];

/** Names come as language → text with "" for the local one. */
export type Names = Readonly<Record<string, string>>;

export function pickName(names: Names, locale: string): string {
  return names[locale] || names[''] || Object.values(names).find(Boolean) || '';
}

export const nameOf = (names: Names): string => pickName(names, i18n.locale);
