import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.cache/',
      '.venv/',
      'out/',
      'test-results/',
      'models/training/',
      '**/*.kernel.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // A function that keeps a promise's contract may have nothing to wait for, and its errors become rejections.
      '@typescript-eslint/require-await': 'off',
      // Handlers are handed on as members of plain objects, which have no `this`; the rule knows objects by type alone.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // `expect.any` and `JSON.parse` answer `any` by their libraries' types, as Electron's menu does.
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  // A forged megabyte makes a schema that goes on after the first bad entry take a gigabyte, or overflow its stack.
  {
    files: ['renderer/**/*.ts', 'electron/**/*.ts'],
    ignores: ['renderer/core/list-of.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'z', property: 'array', message: 'Take listOf (core/list-of.ts).' },
      ],
    },
  },
  // Plain scripts run before there are packages, so nothing says their types.
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.recommended] },
  {
    rules: { 'no-console': 'error', eqeqeq: 'error', 'prefer-const': 'error', 'no-var': 'error' },
  },
  // The terminal is these files' user interface.
  { files: ['scripts/**', 'electron/cli*.ts'], rules: { 'no-console': 'off' } },
);
