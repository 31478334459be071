/** Says that an artifact is not there or cannot be had. */
export class ArtifactError extends Error {
  override name = 'ArtifactError';
}
