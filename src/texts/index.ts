export type { TextId } from './catalogues.ts';
export { formatDate, formatDateShort, formatDuration, formatList, formatNumber } from './formats.ts';
export { direction, isLanguage, LANGUAGES, type Language, negotiate } from './languages.ts';
export { languageName, stateName } from './names.ts';
export { spellingKeys } from './spelling/spelling-keys.ts';
export { type TextParams, type Texts, texts } from './texts.ts';
