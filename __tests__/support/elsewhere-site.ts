import { CheckoutSite } from '../../src/loading/source/site.js';

/** A checkout that is never what a plan looks for: all questions go to the scratch folder, whose server is warm. */
export class ElsewhereSite extends CheckoutSite {
  override shows(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
