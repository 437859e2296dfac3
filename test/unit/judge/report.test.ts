import { describe, expect, it } from 'vitest';
import { meansOf, measuredCsv, metricsReport } from '../../../renderer/judge/report.ts';

describe('reports', () => {
  it('write null for the PSNR of equal pictures', () => {
    const report = metricsReport([
      { image: 'a.png', psnr: Infinity, ssim: 1 },
      { image: 'b.png', psnr: 30, ssim: 0.9 },
    ]);
    expect(JSON.parse(JSON.stringify(report))).toEqual({
      views: [
        { image: 'a.png', psnr: null, ssim: 1 },
        { image: 'b.png', psnr: 30, ssim: 0.9 },
      ],
      mean: { psnr: 30, ssim: 0.95 },
    });
  });

  it('write tables that spreadsheets read, and no formula', () => {
    const before = { psnr: 20, ssim: 0.5 };
    expect(measuredCsv([{ image: 'a, "b".png', elevationDegrees: 12, before }])).toBe(
      'image,elevation_degrees,psnr_before,ssim_before\r\n"a, ""b"".png",12.000,20.0000,0.500000\r\n',
    );
    const csv = measuredCsv([
      { image: '=SUM(A1)', before, after: { psnr: Infinity, ssim: 1 } },
      { image: 'b', before },
    ]);
    expect(csv.split('\r\n')).toEqual([
      'image,elevation_degrees,psnr_before,ssim_before,psnr_after,ssim_after,psnr_gain,ssim_gain',
      "'=SUM(A1),,20.0000,0.500000,inf,1.000000,inf,0.500000",
      'b,,20.0000,0.500000,,,,',
      '',
    ]);
  });
});

it('means of before and after are of the same views, so that their difference is the gain', () => {
  const views = [
    { image: 'a', before: { psnr: 20, ssim: 0.5 }, after: { psnr: 22, ssim: 0.6 } },
    { image: 'b', before: { psnr: 40, ssim: 0.9 }, after: { psnr: Infinity, ssim: 1 } },
  ];
  const { before, after } = meansOf(views);
  expect([before.psnr, after?.psnr]).toEqual([20, 22]);
  expect([before.ssim, after?.ssim]).toEqual([0.7, 0.8]);
  expect(meansOf(views.map(({ image, before: alone }) => ({ image, before: alone })))).toEqual({
    before: { psnr: 30, ssim: 0.7 },
    after: undefined,
  });
});
