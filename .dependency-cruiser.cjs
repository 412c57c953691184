// The floors of the house (docs/architecture.md): imports run down, a room's only door is its index.ts, nobody imports the web but node.
const FLOORS = [
  ['storage', 'crypto', 'texts', 'client', 'measures'],
  ['feel', 'ledger', 'union', 'persons', 'files', 'audit'],
  ['agreements', 'exchange', 'access', 'calls', 'messages', 'doors', 'identity', 'registers', 'documents', 'calendar', 'mailbox'],
  ['applications', 'cases', 'market', 'health'],
  ['web'],
  ['node'],
  ['cli'],
];
const inRooms = (rooms) => `^src/(${rooms.join('|')})/`;

const upward = FLOORS.slice(0, -1).map((rooms, floor) => ({
  name: `floor-${floor}-imports-nothing-above`,
  comment: 'A lower room that must call up offers a port or a registry of handlers, and node/ wires it.',
  severity: 'error',
  from: { path: inRooms(rooms), pathNot: '\\.test\\.tsx?$' },
  to: { path: inRooms(FLOORS.slice(floor + 1).flat()) },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'only-through-the-door',
      comment:
        "A room is entered by its index.ts. Two kinds of side door exist: a room's testing.ts for tests, and the ledger's pure proofs, which run in browsers.",
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/([^/]+)/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/[^/]+/testing\\.ts$', '^src/ledger/proof/'] },
    },
    {
      name: 'testing-door-is-for-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: ['\\.test\\.tsx?$', '^src/.*testing[^/]*\\.tsx?$', '^src/[^/]+/testing/'] },
      to: { path: '^src/[^/]+/testing\\.ts$' },
    },
    {
      name: 'no-circles',
      comment: 'Types of one room may name each other; anything that runs may not.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'outside-checker-shares-no-code',
      comment: 'test/outside-checker proves the program from outside: it must not lean on what it checks.',
      severity: 'error',
      from: { path: '^test/outside-checker' },
      to: { path: '^src/' },
    },
    {
      name: 'no-development-packages-in-the-program',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^(bun|node):' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'] },
  },
};
