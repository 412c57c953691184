/** Every refusal of the pages themselves. */
export const webFailures = {
  WEB_FORM_FOREIGN: 'The form did not come from a page of this portal, or the page was too old.',
  WEB_PAGE_NOT_FOUND: 'There is no such page.',
  WEB_HOST_FOREIGN: 'This node does not answer to the name that the request was sent to.',
  WEB_FILE_TOO_LARGE: 'The file is larger than {limit} MB.',
  WEB_FORM_UNREADABLE: 'The form could not be read.',
  WEB_FILE_MISSING: 'No file was chosen.',
  WEB_NO_SPACE: 'This node has no room left to keep anything new.',
  WEB_OPERATOR_TOKEN: 'This is for the operator: show the token of the node, in a browser as the password of any name.',
  WEB_NOT_READY: 'The node cannot do its work now: its database does not answer, or lacks its tables.',
  WEB_BROKEN: 'Something broke. The log has it under {reference}.',
} as const;

const BY_CODE: Readonly<Record<string, number>> = {
  WEB_FORM_FOREIGN: 403,
  WEB_HOST_FOREIGN: 421,
  WEB_FILE_TOO_LARGE: 413,
  WEB_NO_SPACE: 503,
  WEB_OPERATOR_TOKEN: 401,
  WEB_NOT_READY: 503,
  WEB_BROKEN: 500,
  IDENTITY_NOT_PERMITTED: 403,
  MANDATE_MISSING: 403,
  IDENTITY_SIGN_IN_NEEDED: 403,
  IDENTITY_SIGN_IN_AGAIN: 403,
  IDENTITY_DEMO_ONLY: 403,
  IDENTITY_LOOPBACK_ONLY: 403,
  DRAFT_CHANGED: 409,
  DRAFT_SUBMITTED: 409,
  CASE_MOVED: 409,
  CASE_NOT_OPEN: 409,
  CASE_SAME_OFFICER: 409,
  DRAFT_EXPIRED: 410,
  CASE_ERASED: 410,
};

/** The one place where a refusal becomes an HTTP status. */
export function statusOf(code: string): number {
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code] ?? 400;
  return /_(NOT_FOUND|UNKNOWN)$/.test(code) ? 404 : 400;
}
