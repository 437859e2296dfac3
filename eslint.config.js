import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', '.cache/', '.venv/', 'out/', 'test-results/', 'models/training/'] },
  tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    rules: { 'no-console': 'error', eqeqeq: 'error', 'prefer-const': 'error', 'no-var': 'error' },
  },
  // The terminal is these files' user interface.
  { files: ['scripts/**', 'electron/cli*.ts'], rules: { 'no-console': 'off' } },
);
