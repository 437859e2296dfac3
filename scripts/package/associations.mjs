// Kinds of files that the installed app opens on a double click. A unit test holds them to what the open dialog offers.

export const ASSOCIATIONS = [
  { ext: 'ply', name: 'Gaussian splats (PLY)', mimeType: 'application/x-gaussian-splat-ply' },
  { ext: 'splat', name: 'Gaussian splats (.splat)', mimeType: 'application/x-gaussian-splat' },
  { ext: 'ksplat', name: 'Gaussian splats (KSPLAT)', mimeType: 'application/x-gaussian-splat-ksplat' },
  { ext: 'spz', name: 'Gaussian splats (SPZ)', mimeType: 'application/x-gaussian-splat-spz' },
  { ext: 'glb', name: 'glTF models (binary)', mimeType: 'model/gltf-binary' },
  { ext: 'gltf', name: 'glTF models', mimeType: 'model/gltf+json' },
  { ext: 'lcc', name: 'Gaussian splats (LCC)', mimeType: 'application/x-gaussian-splat-lcc' },
  { ext: 'lcc2', name: 'Gaussian splats (LCC2)', mimeType: 'application/x-gaussian-splat-lcc2' },
  { ext: 'sog', name: 'Gaussian splats (SOG)', mimeType: 'application/x-gaussian-splat-sog' },
  { ext: 'sfproj', name: 'SplatFormer project', mimeType: 'application/x-splatformer-project' },
];
