// Colours live in style/tokens.css and nowhere else: a component's style sheet names a token, so
// that both themes have it. The rest is stylelint's own standard.
const COLOUR_FUNCTIONS = ['rgb', 'rgba', 'hsl', 'hsla', 'hwb', 'lab', 'lch', 'oklab', 'oklch', 'color'];

export default {
  extends: 'stylelint-config-standard',
  // Written by stylance from the others.
  ignoreFiles: ['../style/generated/**'],
  rules: {
    // Blank lines group the tokens.
    'custom-property-empty-line-before': null,
    // It takes any two selectors with one last class for rivals, also where they set different things.
    'no-descending-specificity': null,
  },
  overrides: [
    {
      files: ['../src/**/*.module.css'],
      rules: {
        'declaration-no-important': true,
        'color-named': 'never',
        'color-no-hex': true,
        'function-disallowed-list': COLOUR_FUNCTIONS,
        // stylance makes each a Rust constant, written in either of the two spellings.
        'selector-class-pattern': '^[a-z][a-z0-9]*([-_][a-z0-9]+)*$',
        'selector-pseudo-class-no-unknown': [true, { ignorePseudoClasses: ['global'] }],
      },
    },
  ],
};
