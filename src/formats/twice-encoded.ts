const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A text as it was before Bazel encoded it a second time.
 *
 * Bazel stores text as its UTF-8 bytes, and then writes each byte as a character: in the protobuf of queries before 8.1
 * (https://github.com/bazelbuild/bazel/pull/25097), and in build events before 8. A text that was encoded only once is
 * returned unchanged. It is recognised because, taken as bytes, it is not valid UTF-8.
 */
export function decodedOnce(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text) || !/^[\x00-\xff]*$/.test(text)) return text;
  try {
    return strictUtf8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}
