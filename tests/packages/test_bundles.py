"""Archives and folders of enrichment bundles by rules B1 to B11: what is refused, what is skipped, what installs."""

from __future__ import annotations

import bz2
import io
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bundles.making import LEFT_OUT, make_archive, make_bundle, transform

from soarkit.errors import ArchiveError, typed
from soarkit.packages import bundle_rules, bundles, tarballs
from soarkit.packages.archive import cached_unpack
from soarkit.packages.building import build, file_name

Put = Callable[[tarfile.TarFile], None]


def rules(path: Path, severity: str = "error") -> list[str]:
    """The rules that an archive or folder breaks."""
    return [one.message.partition(":")[0] for one in bundles.check(str(path)) if one.severity == severity]


def put(name: str, content: bytes = b"x", **about: object) -> Put:
    """Adds one more member to an archive."""

    def add(tar: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        for key, value in about.items():
            setattr(info, key, value)
        tar.addfile(info, io.BytesIO(content) if info.isreg() else None)

    return add


def archive_with(folder: Path, *more: Put) -> Path:
    """A bundle's archive with further members."""
    made = make_archive(folder, zipped=False)
    with tarfile.open(made, "a") as tar:
        for add in more:
            add(tar)
    return made


def files_below(folder: str) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file())


SOUND = ["icon.png", "metadata.json", "source/enrichment.py", "thumbnail.png"]


@pytest.mark.acceptance("A27")
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("prefix", ["./", ""])
@pytest.mark.parametrize("directories", [True, False])
def test_every_form_of_archive_is_unpacked(tmp_path: Path, zipped: bool, prefix: str, directories: bool) -> None:
    made = make_archive(make_bundle(tmp_path), zipped=zipped, prefix=prefix, directories=directories)
    assert bundles.check(str(made)) == []
    assert tarballs.is_archive(str(made))
    folder = tarballs.unpack(str(made), str(tmp_path / "out"))
    assert folder == str(tmp_path / "out")
    assert files_below(folder) == SOUND


def test_it_is_unpacked_once_into_the_home(tmp_path: Path) -> None:
    made = str(make_archive(make_bundle(tmp_path)))
    folder = tarballs.cached_unpack(made, str(tmp_path / "home"))
    assert files_below(folder) == SOUND
    assert tarballs.cached_unpack(made, str(tmp_path / "home")) == folder
    assert cached_unpack(made, str(tmp_path / "home")) == folder


@pytest.mark.acceptance("A28")
@pytest.mark.parametrize(
    ("rule", "more"),
    [
        ("B4", put("source/lib/x.py")),
        ("B5", put("venv/pyvenv.cfg")),
        ("B5", put("venv/", type=tarfile.DIRTYPE)),
        ("B5", put("env/bin/activate")),
        ("B5", put("source/Scripts/activate")),
        ("B5", put("lib/python3.9/site-packages/requests/api.py")),
        ("B6", put("._x")),
        ("B6", put("source/._enrichment.py")),
        ("B6", put("__MACOSX/a")),
        ("B7", put("../x")),
        ("B7", put("/etc/x")),
        ("B7", put("source/x.py", type=tarfile.SYMTYPE, linkname="enrichment.py")),
        ("B7", put("source/x.py", type=tarfile.LNKTYPE, linkname="./source/enrichment.py")),
        ("B7", put("pipe", type=tarfile.FIFOTYPE)),
        ("B7", put("disk", type=tarfile.CHRTYPE)),
        ("B7", put("source/tool", mode=0o4755)),
        ("B7", put("metadata.json")),
        ("B7", put("source/enrichment.py/x.py")),
        ("B7", put("source")),
        ("B10", put("source/Enrichment.py")),
        ("B10", put("source/caf\u00e9.py\n")),
        ("B10", put("source/\udcff.py")),
    ],
)
def test_what_an_archive_must_not_hold(tmp_path: Path, rule: str, more: Put) -> None:
    made = archive_with(make_bundle(tmp_path), more)
    assert rule in rules(made)
    with pytest.raises(ArchiveError, match=r"tgz: B\d+: ") as caught:
        tarballs.unpack(str(made), str(tmp_path / "out"))
    assert "Nothing was unpacked" in str(caught.value.hint)
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.acceptance("A28")
def test_a_folder_around_everything(tmp_path: Path) -> None:
    made = make_archive(make_bundle(tmp_path), prefix="wrapped/")
    [finding] = bundles.check(str(made))
    assert finding.file == f"{made}!/wrapped"
    assert finding.message.startswith("B2: ")
    assert "cd wrapped" in str(finding.hint)
    with pytest.raises(ArchiveError, match="B2"):
        bundles.unpack(str(made), str(tmp_path / "out"))


def test_too_many_and_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = archive_with(make_bundle(tmp_path, folder="a"), *(put(f"source/{number}.py") for number in range(2001)))
    [finding] = bundles.check(str(many))
    assert "B7: holds more than the 2000 files" in finding.message
    monkeypatch.setattr(bundle_rules, "MAX_SIZE", 1000)
    large = archive_with(make_bundle(tmp_path, folder="b"), put("source/big.bin", bytes(2000)))
    assert [one.message[:3] for one in bundles.check(str(large))] == ["B7:"]


def test_what_is_skipped_is_not_installed(tmp_path: Path) -> None:
    more = {
        "source/__pycache__/enrichment.cpython-39.pyc": b"x",
        "source/old.pyc": b"x",
        "source/.DS_Store": b"x",
        "source/AnomaliEnrichment.py": b"raise SystemExit",
        "source/anomalitransform/thing.py": b"raise SystemExit",
        "README.md": b"x",
        "tests/test_it.py": b"x",
        ".git/config": b"x",
        "other.png": b"x",
        "source/data/list.txt": b"x",
    }
    made = make_archive(make_bundle(tmp_path, files=more))
    assert rules(made) == []
    assert sorted(set(rules(made, "warning"))) == ["B4", "B6", "B8"]
    folder = bundles.unpack(str(made), str(tmp_path / "out"))
    assert files_below(folder) == sorted([*SOUND, "source/data/list.txt"])


@pytest.mark.acceptance("A18")
def test_a_copy_of_the_library_is_told_of(tmp_path: Path) -> None:
    made = make_archive(make_bundle(tmp_path, files={"source/AnomaliEnrichment.py": b"raise SystemExit"}))
    [finding] = bundles.check(str(made))
    assert (finding.severity, finding.file) == ("warning", f"{made}!/source/AnomaliEnrichment.py")
    assert finding.message.startswith("B8: ")


@pytest.mark.parametrize("name", ["requests.py", "json.py", "dateutil.py"])
def test_a_module_that_hides_another(tmp_path: Path, name: str) -> None:
    assert rules(make_archive(make_bundle(tmp_path, scripts={name: "x = 1"})), "warning") == ["B11"]


@pytest.mark.parametrize(("missing", "shown"), [("metadata.json", "metadata.json"), ("source", "source")])
def test_what_has_to_be_there(tmp_path: Path, missing: str, shown: str) -> None:
    folder = make_bundle(tmp_path)
    (folder / "source" / "enrichment.py").unlink() if missing == "source" else (folder / missing).unlink()
    made = make_archive(folder)
    assert [one.file for one in bundles.check(str(made)) if "B1:" in one.message] == [f"{made}!/{shown}"]
    assert tarballs.is_archive(str(made))


@pytest.mark.acceptance("A24")
@pytest.mark.parametrize("nested", [True, False])
def test_icons_stay_wherever_they_are_named(tmp_path: Path, nested: bool) -> None:
    names = {"icon_display": "icon.png", "icon_thumbnail": "thumbnail.png"}
    folder = make_bundle(tmp_path, **({"icons": names} if nested else {"icons": LEFT_OUT, **names}))
    unpacked = bundles.unpack(str(make_archive(folder)), str(tmp_path / "out"))
    assert files_below(unpacked) == SOUND


def test_how_it_is_packed_and_called(tmp_path: Path) -> None:
    plain = make_archive(make_bundle(tmp_path), tmp_path / "bundle.bin", zipped=False)
    assert rules(plain, "warning") == ["B9"]
    assert tarballs.is_archive(str(plain))
    other = tmp_path / "bundle.tar.bz2"
    other.write_bytes(bz2.compress(plain.read_bytes()))
    assert rules(other, "warning") == ["B3", "B9"]
    broken = tmp_path / "broken.tgz"
    broken.write_bytes(b"no archive at all" * 100)
    assert not bundles.is_bundle_archive(str(broken))
    assert rules(broken) == ["B3"]
    cut = tmp_path / "cut.tgz"
    cut.write_bytes(make_archive(tmp_path / "com.example.sample").read_bytes()[:-40])
    assert rules(cut) == ["B3"]


def test_a_connectors_package_is_none(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (app / "app.json").write_text('{"appid": "1", "main_module": "a.py", "actions": []}')
    (app / "metadata.json").write_text('{"transforms": []}')
    made = tmp_path / "app.tgz"
    with tarfile.open(made, "w:gz") as tar:
        tar.add(app, "app")
    assert not bundles.is_bundle_archive(str(made))
    assert not bundles.is_bundle_folder(str(app))


def test_the_archive_of_a_folder_depends_on_its_files_alone(tmp_path: Path) -> None:
    first = make_bundle(tmp_path, folder="first")
    litter = {
        "venv/pyvenv.cfg": b"x",
        "venv/lib/python3.9/site-packages/x.py": b"x",
        "source/__pycache__/a.pyc": b"x",
        "._icon.png": b"x",
        "README.md": b"x",
        "intelligence-1.0.0.tgz": b"x",
    }
    second = make_bundle(tmp_path, folder="second", files=litter)
    os.chmod(second / "source" / "enrichment.py", 0o755)
    os.utime(second / "metadata.json", (1, 1))
    assert rules(second) == []
    packages = [build(bundles.select_bundle(str(one)), str(tmp_path / f"{one.name}.tgz")) for one in (first, second)]
    assert packages[0].sha256 == packages[1].sha256
    with tarfile.open(packages[0].path) as tar:
        names = tar.getnames()
    assert names == ["icon.png", "metadata.json", "source", "source/enrichment.py", "thumbnail.png"]
    left_out = {one.path for one in bundles.select_bundle(str(second)).left_out}
    assert left_out == set(litter)
    assert bundles.check(packages[0].path) == []


def test_what_an_archive_is_called(tmp_path: Path) -> None:
    from soarkit.manifest.loader import load

    folder = make_bundle(tmp_path, app_name="io.example.Some_App-beta", version="2.1.0-beta")
    assert file_name(load(folder)) == "Some_App-beta-2.1.0-beta.tgz"


@pytest.mark.parametrize("link", ["source/x.py", "icon2.png"])
def test_a_folder_with_links_is_not_packed(tmp_path: Path, link: str) -> None:
    folder = make_bundle(tmp_path, transforms=[transform()])
    (folder / link).symlink_to(folder / "icon.png")
    with pytest.raises(ArchiveError, match=r"B7: .*is a link"):
        bundles.select_bundle(str(folder))


@pytest.mark.parametrize("around", ["sample", "my sample", "out/sample"])
def test_a_folder_around_everything_is_named_however_deep(tmp_path: Path, around: str) -> None:
    source = make_archive(make_bundle(tmp_path), prefix=f"{around}/", directories=False)
    assert bundles.is_bundle_archive(str(source))
    (found,) = [one for one in bundles.survey(str(source)).errors if one.rule == "B2"]
    assert found.path == around
    assert str(found.hint).startswith(f"pack its contents: cd {typed(around)} && ")


def test_every_problem_has_a_next_step(tmp_path: Path) -> None:
    extra = ("x\n", "source/lib/x.py", "source/data/x", "source/x.pyc", ".DS_Store", "._x", "venv/x", "README.md")
    source = make_archive(make_bundle(tmp_path, files=dict.fromkeys((*extra, "ICON.png"), b"x")))
    source = source.rename(source.with_suffix(".zip"))
    problems = bundles.survey(str(source)).problems
    assert {one.rule for one in problems} == {"B4", "B5", "B6", "B8", "B9", "B10"}
    assert all(one.step for one in problems)


@pytest.mark.parametrize("character", ["\u200d", "\u00ad", "\U000e0041"])
def test_names_hold_nothing_that_cannot_be_seen(tmp_path: Path, character: str) -> None:
    source = make_archive(make_bundle(tmp_path, files={f"source/a{character}.txt": b"x"}))
    assert [one.rule for one in bundles.survey(str(source)).errors] == ["B10"]


def test_pictures_are_no_surplus_where_it_is_unclear_which_are_the_icons(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, icons={"icon_display": "missing.png", "icon_thumbnail": "icon.png"})
    assert bundles.survey_folder(str(folder)).problems == ()


def test_an_extension_module_hides_others_too(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path, files={"source/json.so": b"x"})
    assert [one.rule for one in bundles.survey_folder(str(folder)).problems] == ["B11"]
