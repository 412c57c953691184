export type { NodeConfig } from './config.ts';
export { healthSources, type NodeStore, openStore } from './context.ts';
export { allMigrations } from './migrations.ts';
export { dueNow, runRetention } from './retention.ts';
export { type RunningNode, startNode } from './start.ts';
