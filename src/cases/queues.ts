/** Jobs that fire when the time to decide is over. */
export const DEADLINES = 'cases.deadline';

/** Jobs that send a document's sealed file home once the ledger proof is there. */
export const DELIVERIES = 'cases.delivery';
