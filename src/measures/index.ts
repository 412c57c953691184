/** Measures: what a process counts, how long its hops take, and by which id they are found together. In memory: each process tells its own. Floor 0. */
export { count, type Labels, readMeasures, type Series } from './measures.ts';
export { type Hop, msSince, noteHop, traceOf, traceOfId, traceparentFor } from './trace.ts';
