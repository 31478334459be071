/** Lets Node run TypeScript files that import each other with `.js` endings, as the compiler wants it. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const own = specifier.startsWith('.') && context.parentURL?.endsWith('.ts') === true;
    return next(own ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
