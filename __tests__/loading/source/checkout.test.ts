import { describe, expect, test } from '@jest/globals';
import { Checkout } from '../../../src/loading/source/checkout.js';

describe('Checkout', () => {
  test('writes paths of the workspace relative to it, wherever they stand in options', () => {
    const checkout = new Checkout('/home/me/repo', '');
    expect(
      checkout.relative('import /home/me/repo/ci.rc\nbuild --a="/home/me/repo/x y",/home/me/repo/z'),
    ).toBe('import %workspace%/ci.rc\nbuild --a="%workspace%/x y",%workspace%/z');
  });

  test('writes paths of the repository relative to a workspace below its root', () => {
    const checkout = new Checkout('/home/me/repo', 'code/main');
    expect(checkout.workspaceFolder).toBe('/home/me/repo/code/main');
    expect(checkout.relative('import /home/me/repo/code/main/a /home/me/repo/b')).toBe(
      'import %workspace%/a %workspace%/../../b',
    );
  });

  test('leaves what only looks like a path of the checkout', () => {
    const text = '--a=/mnt/home/me/repo/x --b=/home/me/repository/x --c=/home/me/repo';
    expect(new Checkout('/home/me/repo', '').relative(text)).toBe(text);
  });
});
