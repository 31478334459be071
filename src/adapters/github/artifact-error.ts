/** An artifact does not exist or is not available. */
export class ArtifactError extends Error {
  override name = 'ArtifactError';
}

/** A file is too large to store as an artifact that other jobs read. */
export class ArtifactSizeError extends ArtifactError {
  override name = 'ArtifactSizeError';
}
