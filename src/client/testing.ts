export { askingOf } from './http.ts';
