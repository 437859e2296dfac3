"""A report from the product's answers."""

import json
import sys

import evaluate


def test_a_report_is_made_of_what_the_product_answers(held_out_scene, plain_weights, tmp_path, monkeypatch, capsys):
    out = tmp_path / "report"
    arguments = ["evaluate.py", plain_weights, out, held_out_scene, "--strength", "1", "0"]
    monkeypatch.setattr(sys, "argv", list(map(str, arguments)))
    evaluate.main()
    report = json.loads((out / "report.json").read_text())
    assert set(report) == {"refined x 1", "refined x 0"}
    assert report["refined x 0"]["highGainDb"] == report["refined x 0"]["lowGainDb"] == 0
    assert report["refined x 1"]["highGainDb"] != 0
    table = (out / "report.md").read_text()
    assert "| refined x 1 |" in table and held_out_scene.stem in table and table.strip() in capsys.readouterr().out
    assert (out / "psnr.png").stat().st_size > 1000 and (out / "pictures.png").stat().st_size > 1000
