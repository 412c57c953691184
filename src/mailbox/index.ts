import letters from './sql/001-letters.sql';

export { type Letter, lettersOf, markRead, sendLetter, unreadLetters } from './letters.ts';

/** The tables of this room. */
export const migrations = { room: 'mailbox', files: [{ name: '001-letters', sql: letters }] };
