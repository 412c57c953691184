/** Every refusal of this room: code and sentence. */
export const STORAGE_FAILURES = {
  STORAGE_UNREACHABLE: 'The database at {host} cannot be reached ({reason}).',
  STORAGE_REFUSED: 'The database at {host} refused the sign-in of {user} ({reason}).',
  STORAGE_UNSAFE_INTEGER: 'The database holds the whole number {value}, which is too large to be read exactly.',
  STORAGE_MIGRATION_CHANGED:
    'The migration {file} of {room} was changed after it had been applied to this database: restore the file, add a new one.',
  STORAGE_MIGRATION_NEWER:
    'This database was written by a newer version: it knows the migration {file} of {room}, which this version lacks.',
  STORAGE_MIGRATION_ORDER: 'The migrations of {room} are not in the order of their numbers at {file}.',
  STORAGE_MIGRATION_FAILED: 'The migration {file} of {room} failed: {reason}.',
  STORAGE_LEASE_LOST: 'The lease on {queue} was taken over by another worker; its result is not kept.',
  STORAGE_JOB_DEAD: 'A job of {queue} was given up after {attempts} attempts.',
  STORAGE_NO_SERVER:
    'No PostgreSQL comes with this version for {platform}: set DATABASE_URL to a PostgreSQL 15 or newer of your own.',
  STORAGE_FOREIGN_FOLDER: 'The folder {folder} holds data that is not a database of Commonway; it is left untouched.',
  STORAGE_OTHER_VERSION:
    'The database in {folder} was made by PostgreSQL {found}; this version brings PostgreSQL {wanted}. It is left untouched.',
  STORAGE_OTHER_OWNER: 'The folder {folder} belongs to the user {owner}; this program runs as {user}.',
  STORAGE_NO_SPACE: 'The disk of the database at {host} is full: nothing new is taken, what was acknowledged is there.',
  STORAGE_DISK_FULL: 'The disk that holds {folder} is full.',
  STORAGE_NOT_WRITABLE: 'The folder {folder} cannot be written ({reason}).',
  STORAGE_NO_UNPRIVILEGED_USER:
    'PostgreSQL does not run as root, user namespaces are blocked here, and no other user can reach {folder}: run this as an ordinary user, or move the folder to where others may enter.',
  STORAGE_SERVER_FAILED: 'PostgreSQL did not start in {folder}: {reason}',
  STORAGE_BACKUP_PLACE:
    'The folder {folder} has signs in its name that a shell would read as something else: letters, digits, dot, hyphen and underscore are safe.',
  STORAGE_BACKUP_MODE:
    'The database server was started without archiving: stop the union, start it again, then take the backup.',
  STORAGE_BACKUP_ARCHIVE:
    'The WAL does not arrive in {folder} (last that failed: {failed}): look at its disk and rights.',
  STORAGE_BACKUP_NONE: 'The backup in {folder} has no base from before {moment}.',
  STORAGE_TEST_SERVER: 'Tests need a PostgreSQL: run them by `./commonway test`.',
} as const;
