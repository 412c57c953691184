/** What this room refuses, each with its stable code. The words for people stand in the catalogues under `error.<CODE>`. */
export const FILES_FAILURES = {
  FILE_EMPTY: 'The file is empty.',
  FILE_KIND: 'The content of the file is none of: {kinds}.',
  FILE_TOO_LARGE: 'The file is larger than {limit} bytes.',
  FILES_TOO_MUCH: 'All files of one application are at most {limit} bytes together.',
  FILE_NOT_FOUND: 'There is no such file.',
  FILE_QUARANTINED: 'The file has not been checked for harmful content yet.',
  FILE_REFUSED: 'The check for harmful content refused the file: {reason}.',
} as const;
