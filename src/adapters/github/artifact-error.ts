/** Says that an artifact is not there, or not available. */
export class ArtifactError extends Error {
  override name = 'ArtifactError';
}

/** Says that a file is too large for an artifact that other jobs are to read. */
export class ArtifactSizeError extends ArtifactError {
  override name = 'ArtifactSizeError';
}
