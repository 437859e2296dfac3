"""Captures as people make them: objects, places, walks and the files of scenes."""

import numpy as np
import pytest
import torch
from PIL import Image

from dataset import is_held_out, read_example
from hand_held import KINDS, cameras_of, exposed, looked_at, random_walk
from make_captures import everything, first_splats, make_capture, object_maker, region_alone, sees_subject
from make_scenes import save
from mesh import Sphere, look_at, picture
from objects import solids
from surroundings import Place, furnished, joined, placed, wall
from textured import is_kept_back, textured_objects
from train import step_loss

HEADER = "name,source,licence,faces,kind,credit,file,size_x,size_y,size_z\n"
TETRAHEDRON = (
    "mtllib model.mtl\nusemtl m\nv -.5 -.5 0\nv .5 -.5 0\nv 0 .5 0\nv 0 0 1\nvt 0 0\nvt 1 0\nvt 0 1\n"
    "f 1/1 2/2 3/3\nf 1/1 2/2 4/3\nf 2/1 3/2 4/3\nf 3/1 1/2 4/3\n"
)


@pytest.fixture(scope="module")
def objects(tmp_path_factory):
    """Thirty objects, two in three of them real scans."""
    folder = tmp_path_factory.mktemp("objects")
    rows = [f"thing_{number},s,l,4,{'made' if number % 3 == 0 else 'real scan'},c,f,1,1,1\n" for number in range(30)]
    (folder / "objects.csv").write_text(HEADER + "".join(rows))
    for number in range(30):
        (folder / f"thing_{number}").mkdir()
        (folder / f"thing_{number}" / "model.obj").write_text(TETRAHEDRON)
        (folder / f"thing_{number}" / "model.mtl").write_text("newmtl m\nmap_Kd texture.jpg\n")
        Image.new("RGB", (8, 8), (200, 30 + number, 20)).save(folder / f"thing_{number}" / "texture.jpg")
    return textured_objects(folder)


@pytest.fixture(scope="module")
def place():
    """A thing in a room."""
    random = np.random.default_rng(3)
    return furnished(random, solids(3), lambda r: solids(int(r.integers(100))), 2.0, 2.5, None)


def test_a_tenth_of_the_real_scans_is_kept_back_by_name(objects):
    names = [f"scan_{number}" for number in range(2000)]
    share = np.mean([is_kept_back(name, "real scan") for name in names])
    assert 0.08 < share < 0.12
    assert not any(is_kept_back(name, "made") for name in names)
    assert is_kept_back("gso_Sony_Acid_Music_Studio", "real scan")
    assert not is_kept_back("gso_Great_Dinos_Triceratops_Toy", "real scan")
    assert objects.kept_back and not set(objects.kept_back) & set(objects.training)
    assert len(objects.kept_back) + len(objects.training) == 30


def test_only_held_out_scenes_show_what_is_kept_back(objects, monkeypatch):
    shown: dict[bool, set[str]] = {True: set(), False: set()}
    monkeypatch.setattr("make_captures.TEXTURED_SHARE", 1.0)
    for index in range(48):
        held_out = is_held_out(index)
        monkeypatch.setattr(type(objects), "read", lambda _, name, h=held_out: shown[h].add(name))
        for seed in range(4):
            object_maker(objects, held_out)(np.random.default_rng([index, seed]))
    assert shown[True] <= set(objects.kept_back) and shown[False] <= set(objects.training)
    assert shown[True] and shown[False]


def test_an_object_is_read_upright_with_its_picture(objects):
    mesh = objects.read("thing_5")
    assert mesh.vertices[3] == pytest.approx([0, 0, 0.5])
    colour = picture(mesh, look_at(0, 10, 3, 60, 24), 24)[12, 12]
    assert colour[0] > 2 * colour[1] > 0


def test_meshes_are_joined_and_placed():
    thing = placed(solids(1), 0.5, 1.0, np.array([2.0, 0, -1]))
    assert thing.vertices[:, 2].min() == pytest.approx(-1)
    both = joined([solids(2), thing])
    assert len(both.triangles) == len(solids(2).triangles) + len(thing.triangles)
    assert both.triangles.max() == len(both.vertices) - 1 and both.texture_of.max() == len(both.textures) - 1


def test_a_region_alone_and_its_surroundings_make_the_picture(place):
    cameras = look_at(30, 50, 2.2, 40, 24)[None]
    full, nearest = everything(place, cameras, 24)
    region = Sphere(np.zeros(3), 0.7)
    cut, seen, off_rim = region_alone(place, cameras, 24, region, nearest)
    inside = seen[0] == 1
    assert 0.1 < inside.float().mean() < 0.9
    assert (full[0][inside][:, :3] - cut[0][inside][:, :3]).abs().max() < 1e-5
    assert cut[0, 0, 0].abs().max() == 0
    assert (full[..., 3] <= seen + 0.35).all()  # the subject lies in its region
    # The rim lies around the region's edge: nothing of it in the middle or far off, but at every border of the ground.
    assert off_rim[0, 12, 12] == 1 and off_rim[0, 0, 0] == 1
    edge = (cut[0, ..., 3] > 0.1) & (cut[0, ..., 3] < 0.9) & (torch.arange(24)[:, None] > 16)
    assert edge.any() and off_rim[0][edge].max() < 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_cameras_of_every_walk_see_the_subject_from_within_the_room(place, kind):
    random = np.random.default_rng(1)
    walk = next(w for w in (random_walk(random, kind == "everywhere") for _ in range(500)) if w.kind == kind)
    cameras = cameras_of(walk, place, 32, random)
    assert len(cameras) > 0
    rotations, shifts = cameras[:, :9].view(-1, 3, 3), cameras[:, 9:12]
    eyes = -(rotations.transpose(1, 2) @ shifts[..., None])[..., 0]
    assert all(place.has_room_at(eye.numpy()) for eye in eyes)
    assert (shifts[:, 2] > 0.5).all()
    assert torch.allclose(rotations @ rotations.transpose(1, 2), torch.eye(3).expand(len(cameras), 3, 3), atol=1e-5)
    assert exposed(torch.rand(len(cameras), 4, 4, 4), walk, random).shape == (len(cameras), 4, 4, 4)


def test_a_camera_behind_something_does_not_see_the_subject():
    """A wall between one camera of three and the thing."""
    thing = placed(solids(4), 1.0, 0.0, np.zeros(3))
    screen = wall(np.random.default_rng(1), 0.0, 5.0, 6.0, -2.0, 4.0, np.full((2, 2, 4), 255, np.uint8))
    place = Place(joined([thing, *screen]), len(thing.triangles), 0.0)
    cameras = torch.stack([look_at(azimuth, 5, 12, 200, 48) for azimuth in (0, 120, 240)])
    assert sees_subject(place, cameras).tolist() == [False, True, True]


def test_what_cameras_look_at_is_found():
    cameras = torch.stack([look_at(azimuth, 12, 3, 60, 24) for azimuth in (0, 70, 200)])
    shift = torch.tensor([0.5, -0.2, 0.1])
    cameras[:, 9:12] -= cameras[:, :9].view(-1, 3, 3) @ shift
    assert looked_at(cameras) == pytest.approx(shift.numpy(), abs=1e-4)


def test_a_fit_starts_from_nothing_that_no_picture_shows(place):
    """Pictures from one side say nothing of the other side's surfaces."""
    cameras = torch.stack([look_at(azimuth, 12, 2.2, 130, 48) for azimuth in (-10, 0, 10)])
    _, nearest = everything(place, cameras, 48)
    scene = first_splats(np.random.default_rng(2), place, 3_000, cameras, nearest)
    matched = scene[scene[:, 11:14].abs().sum(1) > 0][:, :3]
    assert len(scene) == 3_000 and len(matched) > 200
    near = matched[matched[:, :2].norm(dim=1) < 0.4]
    assert near[:, 0].median() > 0.05  # the cameras stand at positive x


@pytest.mark.parametrize("index", [2, 3])
def test_a_capture_is_made_read_and_made_again(objects, tmp_path, index, monkeypatch):
    monkeypatch.setattr("make_captures.SIZES", (16,))
    monkeypatch.setattr("make_captures.SIZE_SHARES", (1.0,))
    monkeypatch.setattr("make_captures.FEWEST_SPLATS", 300)
    arrays = make_capture(index, objects, (16,), (20, 30))
    again = make_capture(index, objects, (16,), (20, 30))
    assert all(np.array_equal(arrays[name], again[name]) for name in arrays)
    save(tmp_path / f"{index:05d}.npz", arrays)
    subject = read_example(tmp_path / f"{index:05d}.npz")
    whole = read_example(tmp_path / f"{index:05d}.npz", surroundings=True)
    assert subject.wanted is not None and whole.wanted is not None and subject.capture is not None
    assert len(subject.scene) == len(subject.wanted) == len(subject.visibility) == arrays["in_region"].sum()
    assert len(whole.scene) == len(whole.wanted) == len(arrays["scene"])
    assert len(whole.visibility) == len(subject.visibility)
    assert subject.pictures.shape == whole.pictures.shape == (len(subject.cameras), 16, 16, 4)
    assert subject.capture.shape[1] == 16
    by_cameras = whole.visibility_by("captured")
    assert by_cameras.shape == whole.visibility.shape and not torch.equal(by_cameras, whole.visibility)
    for example in (subject, whole):
        assert torch.isfinite(step_loss(lambda scene, _: scene, example, np.random.default_rng(1)))
    if index % 2 == 0:
        assert subject.trusted is None and whole.subject is None and whole.region_seen is None
        return
    centre, radius = arrays["region"][:3], arrays["region"][3]
    assert (np.linalg.norm(subject.scene[:, :3].numpy() - centre, axis=1) < radius + 1e-5).all()
    assert len(subject.scene) < len(whole.scene)
    assert whole.subject is not None and torch.equal(whole.scene[whole.subject], subject.scene)
    assert not torch.equal(subject.pictures, whole.pictures) and (whole.pictures[..., 3] == 255).all()
    assert subject.trusted is not None and subject.trusted.shape == subject.pictures.shape[:3]
    assert whole.trusted is None and whole.region_seen is not None
