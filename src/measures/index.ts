/** Measures: what a process counts and how long its hops take. In memory: each process tells its own. Floor 0. */
export { count, type Labels, observe, readMeasures, type Series } from './measures.ts';
