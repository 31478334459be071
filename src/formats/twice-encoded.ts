const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A text as it was before Bazel encoded it a second time.
 *
 * Bazel keeps text as the bytes of its UTF-8, and writes each byte as a character of its own: into the protobuf of queries
 * before 8.1 (https://github.com/bazelbuild/bazel/pull/25097), and into build events before 8. Text that was encoded once
 * (taken as bytes, it is not UTF-8) stays what it is.
 */
export function decodedOnce(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text) || !/^[\x00-\xff]*$/.test(text)) return text;
  try {
    return strictUtf8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}
