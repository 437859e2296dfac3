export const USAGE = `splatformer - view and repair 3D Gaussian Splatting scenes

  splatformer info FILE [--json]
      Format, number of splats, spherical harmonics degree, bounds, up axis.
  splatformer convert IN OUT [--up=AXIS]
      Writes OUT in the format its name asks for: .ply, .compressed.ply, .spz, .sog, .glb, .gltf, .splat, .html, or a
      folder as NAME/meta.json (SOG) or NAME/lod-meta.json (streamed SOG). AXIS is x, -x, y, -y, z or -z: the scene is
      turned by it to stand as files of the format do, but for PLY, which keeps the axes of a PLY.
  splatformer refine IN... --out-dir DIR [--model ID|FILE] [--device auto|webgpu|cpu] [--strength S] [--up=AXIS]
                     [--region auto|all|x,y,z,radius] [--cameras FILE]
                     [--format ply|compressed.ply|spz|sog|meta.json|lod-meta.json|glb|gltf|splat|html]
                     [--recursive] [--resume] [--shard I/N] [--report FILE] [--json]
      Runs SplatFormer on each scene and writes DIR/<input name>.ply. IN is a file, a folder or a pattern
      ("scans/**/*.ply"). --recursive searches sub-folders and keeps them below DIR; --resume leaves answers that are
      whole, newer than their input and made with the same model and settings; --shard takes the I-th of N parts;
      --report writes a JSON document.
      --region says what is refined: the subject of a capture (auto: a lone object whole, but for strays), all, or a
      ball in the scene's own axes. --cameras proves answers against the views of the capture's own cameras.
      Prints a line a scene on a terminal, JSON lines elsewhere, or one JSON document at the end with --json.
  splatformer report IN... [--out FILE] [--json]
      Merges what the shards of a run wrote by --report, files or their folder, and names what failed or is missing.
  splatformer serve
      Refines scenes for another program: a JSON request a line on standard input, a JSON answer a line on standard
      output.
  splatformer render SCENE --camera FILE.json --size WxH --out OUT.png [--background r,g,b]
      Renders one picture. Background: three numbers from 0 to 1 (or 0 to 255 where one is above 1); black if left out.
  splatformer metrics SCENE --cameras FILE --images DIR [--background r,g,b] [--json]
      PSNR and SSIM of the scene against every photo that a camera of FILE belongs to, at the photo's own size. FILE is
      cameras.json (INRIA), transforms.json (nerfstudio, instant-ngp) or COLMAP's images or cameras (.txt or .bin).
      JSON: {"views":[{"image","psnr","ssim"}],"mean":{"psnr","ssim"}}; a psnr of null means equal pictures.
  splatformer video SCENE --path FILE.json|--turntable --size WxH --out FILE.mp4|webm [--fps N]
                    [--quality low|medium|high|very-high] [--refined FILE | --model ID|FILE] [--split]
                    [--background r,g,b]
      Films the scene along a camera path or turntable that the app saved, or round it: [--turns 2] [--seconds 12]
      [--elevations 0,89] [--fov 50]. A refined scene is filmed in its place, or with --split right of the middle.

Exit codes: 0 all went well, 1 at least one file failed, 2 the command line is wrong (nothing was done),
130 cancelled by Ctrl-C, 143 by a termination signal (128 + n by signal n).
`;
