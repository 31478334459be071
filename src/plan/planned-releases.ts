import type { ArtifactOfRun } from '../adapters/github/artifacts.js';
import type { Label } from '../graph/label.js';
import { isPlanArtifact } from './file/artifact-names.js';
import { parsePlan, PLAN_FILE_NAME } from './file/plan-file.js';

/** Asks GitHub for the artifacts of runs. */
export interface ArtifactsOfRuns {
  artifacts(run: number): AsyncIterable<ArtifactOfRun>;
  /** The only file of an artifact. */
  fileOf(artifact: ArtifactOfRun, fileName: string): Promise<string>;
}

/**
 * What a run releases, by each of its plans. There are several if the run calls the workflow several times, or was run again; and
 * none if it keeps no plan, or has not made it.
 *
 * @param run the id of the run
 * @throws PlanFileError, ArtifactError, and what GitHub's client throws
 */
export async function plannedReleases(
  github: ArtifactsOfRuns,
  run: number,
): Promise<readonly ReadonlySet<Label>[]> {
  const plans: ReadonlySet<Label>[] = [];
  for await (const artifact of github.artifacts(run)) {
    if (!isPlanArtifact(artifact.name)) continue;
    const { legs } = parsePlan(await github.fileOf(artifact, PLAN_FILE_NAME));
    plans.push(new Set(legs.flatMap(({ mode, targets }) => (mode === 'release' ? targets : []))));
  }
  return plans;
}
