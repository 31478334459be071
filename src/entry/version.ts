/** The version of this release, as package.json has it. */
export const VERSION = '1.0.0';
