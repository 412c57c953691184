/**
 * Settings for a server that five nodes share on one machine: durable, small, quiet.
 *
 * Statements, their errors and details stay out of the log, since they quote rows and what was typed (errors go to whoever sent the
 * statement, and are told from there without values); huge pages and dynamic shared memory are avoided, since
 * containers often lack them.
 */
export const SERVER_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '140',
  superuser_reserved_connections: '3',
  shared_buffers: '96MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '512MB',
  min_wal_size: '64MB',
  wal_compression: 'on',
  archive_mode: 'on',
  checkpoint_timeout: '10min',
  huge_pages: 'off',
  jit: 'off',
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_worker_processes: '4',
  autovacuum_max_workers: '2',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  client_min_messages: 'warning',
};
