export const USAGE = `splatformer - view and repair 3D Gaussian Splatting scenes

  splatformer info FILE [--json]
      Format, number of splats, spherical harmonics degree, bounds.
  splatformer convert IN OUT
      Writes OUT in the format its name asks for: .ply, .compressed.ply or .spz.
  splatformer refine IN... --out-dir DIR [--model ID|FILE] [--device auto|webgpu|cpu] [--strength S] [--json]
      Runs SplatFormer on each scene and writes DIR/<input name>.ply.
  splatformer render SCENE --camera FILE.json --size WxH --out OUT.png [--background r,g,b]
      Renders one picture. Background: three numbers from 0 to 1 (or 0 to 255 where one is above 1); black if left out.

Exit codes: 0 all went well, 1 at least one file failed, 2 the command line is wrong.
`;
