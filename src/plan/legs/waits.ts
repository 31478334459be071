import type { Label } from '../../graph/label.js';
import type { ReleaseAfter } from './leg.js';
import { placeOf, type ProjectOf, type RunnerRules } from './place.js';
import type { Selection } from './selection.js';

/** What a release waits for beside the plan. */
export type Wait =
  | { readonly kind: 'nothing' }
  /** Its leg runs these tests first; sorted, perhaps none. */
  | { readonly kind: 'own tests'; readonly tests: readonly Label[] }
  /** `because` is an own test that cannot run in the leg of the release; null if all releases wait for all tests. */
  | { readonly kind: 'all tests'; readonly because: Label | null };

/**
 * What each release waits for. A release with an own test that needs another runner, or belongs to another project, waits for
 * all tests of the run, because its leg cannot run that test.
 *
 * @param ownTestsOf finds the own tests of releases; called only if they count
 */
export function waitsOf(
  { chosen }: Selection,
  after: ReleaseAfter,
  ownTestsOf: () => ReadonlyMap<Label, readonly Label[]>,
  rules: RunnerRules,
  projectOf: ProjectOf = () => null,
): ReadonlyMap<Label, Wait> {
  const all = (wait: Wait) => new Map(chosen.release.map(({ label }) => [label, wait]));
  switch (after) {
    case 'plan':
      return all({ kind: 'nothing' });
    case 'tests':
      return all({ kind: 'all tests', because: null });
    case 'own-tests': {
      const places = new Map(
        [...chosen.test, ...chosen.release].map((rule) => [rule.label, placeOf(rule, rules, projectOf)]),
      );
      const waitOf = (release: Label, tests: readonly Label[]): Wait => {
        const elsewhere = tests.find((test) => places.get(test) !== places.get(release));
        return elsewhere === undefined
          ? { kind: 'own tests', tests }
          : { kind: 'all tests', because: elsewhere };
      };
      return new Map([...ownTestsOf()].map(([release, tests]) => [release, waitOf(release, tests)]));
    }
  }
}

/** What a release waits for, in a few words; `''` if that is nothing but the plan. */
export function waitInWords(wait: Wait): string {
  switch (wait.kind) {
    case 'nothing':
      return '';
    case 'own tests':
      return wait.tests.length === 0
        ? ''
        : `after ${wait.tests.length === 1 ? 'its own test' : `its ${wait.tests.length} own tests`}`;
    case 'all tests':
      return wait.because === null
        ? 'after all tests'
        : `after all tests, because its own test ${wait.because} cannot run in its job`;
  }
}
