import { expect, it } from 'vitest';
import { otherPolicies } from './policies.ts';
import { keepsTargets, runStorm, stormTargets } from './run.ts';

it.each([1, 2])('ten thousand terminals that are back after days drain, knock seldom and are in nobody’s way, seed %i', (seed) => {
  expect(runStorm({ terminals: 10_000, seed })).toSatisfy(keepsTargets);
});

it.each([500, 2_000])('fewer are drained as soon as each has noticed its line: %i', (terminals) => {
  expect(runStorm({ terminals, seed: 1 })).toSatisfy(keepsTargets);
});

it('the same seed makes the same storm', () => {
  expect(runStorm({ terminals: 500, seed: 7 })).toEqual(runStorm({ terminals: 500, seed: 7 }));
});

it.each(['fixed', 'doubling', 'jitter'] as const)('would show what is wrong with another policy: %s', (name) => {
  const figures = runStorm({ terminals: 2_000, seed: 1, policy: otherPolicies[name] });
  expect(figures.requestsPerUseful > stormTargets.requestsPerUseful || figures.liveFailed > 0).toBe(true);
});

it('would show that live ones wait among the others', () => {
  const figures = runStorm({ terminals: 10_000, seed: 1, policy: otherPolicies.noLiveLane });
  expect(figures.liveFailed > 0 || figures.liveP99Ms > stormTargets.liveP99Ms).toBe(true);
});
