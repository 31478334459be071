/** The rooms of src/: a room imports only from those after it. */
const ROOMS = ['entry', 'verdict', 'leg', 'plan', 'loading', 'adapters', 'formats', 'graph', 'text'];

/** What may import adapters, beside the adapters themselves: all other rules are pure. */
const USERS_OF_ADAPTERS = ['^src/entry/', '^src/(plan|leg)/[^/]+$', '^src/loading/source/'];

/** Modules that reach the disk, processes, the network or the runner. */
const OUTSIDE_WORLD = '^(node:)?(fs|fs/promises|child_process|https?|net)$|^node_modules/@actions/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Imports form a circle: put what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...ROOMS.slice(1).map((room, at) => ({
      name: `${room}-imports-downwards`,
      comment: `src/${room} imports a room above it: move what it needs down, or let the caller pass it in.`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: `^src/(${ROOMS.slice(0, at + 1).join('|')})/` },
    })),
    {
      name: 'rules-are-pure',
      comment: 'A rule reaches git, Bazel, GitHub or the disk: let the caller pass in what it needs.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/adapters/', ...USERS_OF_ADAPTERS] },
      to: { path: ['^src/adapters/', OUTSIDE_WORLD] },
    },
    {
      name: 'rules-take-plain-values',
      comment:
        'A rule imports a step that reaches git, Bazel, GitHub or the disk: let the step call the rule.',
      severity: 'error',
      from: { path: '^src/(plan|leg)/[^/]+/|^src/loading/(?!source/)' },
      to: { path: '^src/loading/source/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'in-a-room',
      comment: `A file of src/ stands in one of the rooms: ${ROOMS.join(', ')}.`,
      severity: 'error',
      from: { path: `^src/(?!(${ROOMS.join('|')})/)` },
      to: {},
    },
    {
      name: 'from-a-room',
      comment: 'A file of src/ imports a file that stands in none of the rooms.',
      severity: 'error',
      from: { path: '^src/' },
      to: { pathNot: `^src/(${ROOMS.join('|')})/|^node_modules/`, dependencyTypesNot: ['core'] },
    },
    {
      name: 'resolved',
      comment: 'An import leads nowhere, so the rules above cannot judge it.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types count too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'import', 'types', 'default'],
    },
  },
};
