/** Attributes that do not change what a checkout writes: https://git-scm.com/docs/gitattributes */
const HARMLESS_ATTRIBUTES =
  /^[-!]?(diff|merge|whitespace|conflict-marker-size|delta|encoding|export-ignore|export-subst|lockable|linguist-[\w-]+|gitlab-[\w-]+)(=.*)?$/;

/**
 * Whether a path is one of git's attribute files, which tell git how to convert files that it writes into the working
 * tree.
 */
export function isGitAttributes(path: string): boolean {
  return /(^|\/)\.gitattributes$/.test(path);
}

/**
 * Whether two attribute files convert files in the same way (line ends, filters, encodings). Macros and attributes that
 * are not known to be harmless are compared.
 */
export function sameConversions(before: string, after: string): boolean {
  return conversions(before).join('\n') === conversions(after).join('\n');
}

function conversions(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .filter((line) => {
      const [, ...attributes] = line.split(/\s+/);
      return (
        line.startsWith('[attr]') || attributes.some((attribute) => !HARMLESS_ATTRIBUTES.test(attribute))
      );
    });
}
