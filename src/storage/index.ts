/** Storage: PostgreSQL as the only system of record and the only queue. Floor 0. */
export { addMilliseconds, type Clock, shiftedClock, systemClock } from './clock.ts';
export { type Db, type DbOptions, openDb, type Queryable, type StoreContext, type Tx } from './db.ts';
export { archiveAll, archiveInto, type BaseBackup, listBases, takeBase } from './embedded/backup.ts';
export { restoreEmbedded } from './embedded/restore.ts';
export { type EmbeddedOptions, type EmbeddedServer, findEmbedded, startEmbedded } from './embedded/start.ts';
export { findContractions } from './expand-first.ts';
export { describeError, Failure, type FailureParams, failureSentence, isFailure } from './failure.ts';
export { STORAGE_FAILURES } from './failures.ts';
export { cancelJob, cancelJobs, enqueue, enqueueAll, rescheduleJob, retryNow } from './jobs/enqueue.ts';
export {
  countJobs,
  type DeadJob,
  listDeadJobs,
  type QueueCounts,
  type QueueHealth,
  queueHealth,
  reviveJob,
} from './jobs/inspect.ts';
export type { Job, JobHandler, NewJob } from './jobs/job.ts';
export { type JobOptions, type Jobs, startJobs } from './jobs/start.ts';
export { databaseBytes, type Migrations, migrate, migrationState, migrations } from './migrate.ts';
export { type Provision, provision } from './provision.ts';
export { type Instant, type Json, json, type PlainDate } from './values.ts';
