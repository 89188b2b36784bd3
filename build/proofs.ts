/**
 * Each part brings its proofs here. `short` is the seeded round of every `npm test`, `full` the one of `npm run prove`;
 * both are words after `node`. A proof exits 0 when it holds, and its last line may be a JSON object of figures.
 */
export type Proof = { name: string; what: string; short: readonly string[] | null; full: readonly string[]; rounds?: number };

const vitest = ['node_modules/vitest/vitest.mjs', 'run'];

export const proofs: readonly Proof[] = [
  {
    name: 'card files',
    what: 'Hostile bytes in everything that reads a card: no crash, no hang.',
    short: ['native/eid/checks/fuzz.ts', '--inputs', '20000', '--seed', '1'],
    full: ['native/eid/checks/fuzz.ts', '--inputs', '1000000', '--seed', String(Math.trunc(Date.now() / 1000))],
  },
  {
    name: 'card module',
    what: 'The virtual card’s own C under sanitizers, guided by coverage (where clang is): no read past the end.',
    short: null,
    full: ['native/virtual-card/checks/fuzz-module.ts', '--seconds', '120', '--seed', String(Math.trunc(Date.now() / 1000))],
  },
  {
    name: 'yank',
    what: 'Cards pulled at any call, swapped, foreign and mute ones, hangs and crashes: nobody sees anybody else, nothing sticks or leaks.',
    short: ['test/faults/yank.ts', '--rounds', '25', '--seed', '45', '--json'],
    full: ['test/faults/yank.ts', '--rounds', '1000', '--seed', String(Math.trunc(Date.now() / 1000)), '--json'],
  },
  {
    name: 'faults',
    what: 'Terminals and the middleware killed, power cut, replies lost, doubled and forged: nothing kept is lost, nothing takes effect twice.',
    // A short round of this one, of the next and of the storm is among the unit tests.
    short: null,
    full: ['test/faults/faults.ts', '--kills', '2000', '--seed', String(Math.trunc(Date.now() / 1000)), '--json'],
  },
  {
    name: 'faults noticed',
    what: 'One protection taken out at a time (unique keys, a synced commit, a synced head, the receipt’s signature, a lane): the tool says which promise does not hold.',
    // All in one go among the unit tests.
    short: null,
    full: [...vitest, '--project', 'proofs', '--reporter', 'dot'],
  },
  {
    name: 'damage',
    what: 'Damaged files of a queue: each loss is noticed, what is whole is salvaged, the terminal is back within seconds.',
    short: null,
    full: ['test/faults/damage.ts', '--trials', '2000', '--seed', String(Math.trunc(Date.now() / 1000)), '--json'],
  },
  {
    name: 'soak',
    what: 'A month at a terminal in minutes, deaths, wrong clocks, new keys and a restore in it: after each thing the promises hold.',
    short: ['test/faults/soak.ts', '--days', '3', '--seed', '3', '--json'],
    full: ['test/faults/soak.ts', '--days', '30', '--seed', String(Math.trunc(Date.now() / 1000)), '--json'],
  },
  {
    name: 'storm',
    what: 'Ten thousand terminals back after 72 hours: they drain by appointment, and whoever stands there goes first.',
    short: null,
    full: ['test/faults/storm.ts', '--terminals', '10000', '--seed', String(Math.trunc(Date.now() / 1000)), '--json'],
  },
  {
    name: 'sync bench',
    what: 'Keeping and catching up against a bare commit, a plain line and PouchDB, over the same TLS.',
    short: null,
    full: ['test/bench/run.ts', 'sync', '--check', '--json'],
  },
  {
    name: 'canaries',
    what: 'People at one kiosk, with crashes and without power: no file that the app wrote names them.',
    // `npm test` has a short round among the journeys.
    short: null,
    full: ['test/faults/canaries.ts', '--journeys', '200', '--seed', String(Math.trunc(Date.now() / 1000)), '--json'],
  },
  {
    name: 'ten thousand reads',
    what: 'One card process that reads and forgets, again and again: memory and handles stay flat.',
    short: ['test/faults/ten-thousand-reads.ts', '--reads', '300'],
    full: ['test/faults/ten-thousand-reads.ts', '--reads', '10000'],
  },
  {
    name: 'card bench',
    what: 'The card on the glass against a minimal C program, the obvious way, and the fewest calls there can be.',
    short: null,
    full: ['test/bench/run.ts', 'card', '--check', '--json'],
  },
  {
    name: 'journeys',
    what: 'Every story through the real app, three times over: no flake.',
    // `npm test` runs them once, as tests.
    short: null,
    full: [...vitest, '--project', 'journeys', '--reporter', 'dot'],
    rounds: 3,
  },
];
