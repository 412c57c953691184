/** What tests of this room, and of those that use it, need. */
export { publishedBy, ratifyAt, signers, type TestPublisher, testPublisher } from './publish/testing.ts';
export { edit, filesOf, inCheckout } from './testing-files.ts';
