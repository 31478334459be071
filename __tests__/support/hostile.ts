/** Names as only an attacker, or a bored colleague, gives them. */
export const HOSTILE_NAMES: readonly string[] = [
  '${{ secrets.TOKEN }}',
  'a\n::error::forged\n## Forged heading',
  '\u001b[31mred\u001b[0m\u0007',
  'a|b|c',
  '`code` ``` fence',
  '<script>alert(1)</script><img src=x onerror=y>',
  '](https://evil.example) ![x](y)',
  '\u202etxt.exe\u2028next',
  '"]; n9 --> n0; click n0 "https://evil.example"',
  '</summary></details>',
  '@everyone #1',
  '-->',
  '##[error]forged',
  'a ##[add-mask]a',
];
