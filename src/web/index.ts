/** Web: everything that people see of a node, server-rendered: portal, desk, verify, and the files that anybody may read. Floor 4. */
export type { WebContext } from './context.ts';
export { createWeb } from './create-web.tsx';
export { webFailures } from './http/failures.ts';
