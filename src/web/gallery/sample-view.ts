import type { Session } from '../../identity/index.ts';
import {
  formatDate,
  formatDateShort,
  formatDuration,
  formatList,
  formatNumber,
  type Language,
  stateName,
  texts,
} from '../../texts/index.ts';
import type { View } from '../ui/index.ts';

const NOW = '2026-11-22T09:00:00.000Z';

/** A session of an invented person or officer. */
export function sampleSession(kind: 'person' | 'officer'): Session {
  const account: Session['account'] =
    kind === 'person'
      ? { kind, id: 'asel', state: 'kz', localId: 'KZ-T-000001', name: 'Asel T.' }
      : { kind, id: 'officer', state: 'kz', agency: 'kz.pension-fund', name: 'D. O.', grants: [] };
  return {
    id: 's',
    account,
    method: 'development',
    assurance: 'substantial',
    createdAt: NOW,
    seenAt: NOW,
    expiresAt: NOW,
  };
}

/** A view without a node behind it: for the gallery and for tests of single components. */
export function sampleView(language: Language = 'en', changes: Partial<View> = {}): View {
  const words = texts(language);
  return {
    language,
    say: words.say,
    find: words.find,
    date: (value) => formatDate(language, value, 'Asia/Almaty'),
    shortDate: (value) => formatDateShort(language, value, 'Asia/Almaty'),
    number: (value) => formatNumber(language, value),
    duration: (iso) => formatDuration(language, iso),
    list: (items) => formatList(language, items),
    stateName: (state) => stateName(language, state),
    agencyName: (agency) => agency,
    state: 'kz',
    states: ['am', 'by', 'kg', 'kz', 'ru'],
    demo: true,
    expired: false,
    face: 'portal',
    scheme: 'auto',
    here: '/gallery',
    formToken: 'token',
    assets: { style: '/style.css', script: '/enhance.js', proof: '/proof.js', passkey: '/passkey.js' },
    unread: 2,
    ...changes,
  };
}
