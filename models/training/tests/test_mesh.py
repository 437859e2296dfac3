"""Wavefront files."""

from mesh import read_obj


def test_a_wavefront_file_is_read_with_its_texture_colours(tmp_path):
    (tmp_path / "a.mtl").write_text("newmtl red\nKd 1 0 0\n")
    (tmp_path / "a.obj").write_text(
        "mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nusemtl red\nf 1 2 3 4\nf -4 -3 -2\n"
    )
    mesh = read_obj(tmp_path / "a.obj")
    assert mesh is not None
    assert mesh.triangles.shape == (3, 3)
    assert mesh.textures[0][0, 0].tolist() == [255, 0, 0, 255]
    (tmp_path / "empty.obj").write_text("v 0 0 0\n")
    assert read_obj(tmp_path / "empty.obj") is None
