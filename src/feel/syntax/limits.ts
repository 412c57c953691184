/** Longest source of one expression, in characters: the time to parse grows faster than its length. */
export const LONGEST_SOURCE = 8192;
/** Deepest nesting of brackets and of tree nodes: keeps every later walk within the stack. */
export const DEEPEST_NESTING = 200;
