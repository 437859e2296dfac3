import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

interface Component {
  readonly type: string;
  readonly name: string;
  readonly purl?: string;
  readonly licenses: readonly object[];
}
interface Bill {
  readonly metadata: { readonly component: object };
  readonly components: readonly Component[];
}

/** The script is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/package/bill.mjs')).href;
const { billOfMaterials } = (await import(/* @vite-ignore */ script)) as {
  billOfMaterials: (components: readonly object[], parts: object) => Bill;
};

const PARTS = {
  app: { name: 'splatformer-desktop', version: '1.2.3', license: 'MIT' },
  electron: { version: '45.4.1' },
  models: [{ file: 'a.pth', license: 'MIT', bytes: Buffer.from('weights') }],
};

it('the bill names every component with version, licence and hash', () => {
  const integrity = `sha512-${Buffer.from([1, 2, 255]).toString('base64')}`;
  const components = [
    { name: '@a/b', version: '2.0.0', license: 'MIT', text: '', integrity },
    { name: 'c', version: '1.0.0', license: 'MIT OR ISC', text: '' },
    { name: 'libd', version: 'unknown', license: 'BSD-3-Clause', text: '', within: 'c' },
  ];
  const bill = billOfMaterials(components, PARTS);
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
  expect(bill.metadata.component).toMatchObject({ name: 'splatformer-desktop', version: '1.2.3' });
  expect(bill.components.map(({ name }) => name)).toEqual(['electron', '@a/b', 'c', 'libd', 'a.pth']);
  expect(bill.components[1]).toMatchObject({
    purl: 'pkg:npm/%40a/b@2.0.0',
    licenses: [{ license: { id: 'MIT' } }],
    hashes: [{ alg: 'SHA-512', content: '0102ff' }],
  });
  expect(bill.components[2].licenses).toEqual([{ expression: 'MIT OR ISC' }]);
  expect(bill.components[3].purl).toBeUndefined();
  expect(bill.components[4].type).toBe('machine-learning-model');
  expect(
    new Set(bill.components.map((component) => (component as Component & { 'bom-ref': string })['bom-ref'])).size,
  ).toBe(5);
});
