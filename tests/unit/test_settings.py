"""Settings: read from the environment, refused when half configured."""

import pytest

from repcrm.settings import NotConfigured, read_settings

SECRET = "x1y2" * 8


@pytest.fixture(autouse=True)
def _clean(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("REPCRM_SECRET_KEY", raising=False)


@pytest.mark.parametrize("secret", ["", "too short"])
def test_without_a_secret_key_it_does_not_start(monkeypatch, secret):
    monkeypatch.setenv("REPCRM_SECRET_KEY", secret)
    with pytest.raises(NotConfigured, match="REPCRM_SECRET_KEY must be set to at least 32 random characters"):
        read_settings()


def test_the_demo_makes_its_own_secret_and_keeps_it(tmp_path):
    settings = read_settings(demo=True, data_folder=tmp_path / "demo")
    secret = settings.resolved_secret_key()
    assert len(secret) >= 32
    assert settings.resolved_secret_key() == secret
    assert (tmp_path / "demo" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_short_secret_is_refused_in_the_demo_too():
    with pytest.raises(NotConfigured):
        read_settings(demo=True, secret_key="short")


def test_the_database_is_a_file_of_this_person_unless_told(monkeypatch, tmp_path):
    monkeypatch.setenv("REPCRM_SECRET_KEY", SECRET)
    monkeypatch.setattr("sys.platform", "linux")
    assert read_settings().resolved_database_url() == f"sqlite:///{tmp_path}/repcrm/repcrm.sqlite3"
    monkeypatch.setenv("REPCRM_DATABASE_URL", "postgresql+psycopg://somewhere/repcrm")
    assert read_settings().resolved_database_url() == "postgresql+psycopg://somewhere/repcrm"


def test_every_wrong_setting_is_named(monkeypatch):
    monkeypatch.setenv("REPCRM_SECRET_KEY", SECRET)
    monkeypatch.setenv("REPCRM_PORT", "99999")
    monkeypatch.setenv("REPCRM_TIME_ZONE", "Mars/Olympus")
    with pytest.raises(NotConfigured) as refusal:
        read_settings()
    assert "REPCRM_PORT: " in str(refusal.value)
    assert "REPCRM_TIME_ZONE: 'Mars/Olympus' is not a time zone" in str(refusal.value)


def test_the_secret_is_not_written_into_logs():
    assert SECRET not in repr(read_settings(secret_key=SECRET))


def test_settings_do_not_change_once_read():
    settings = read_settings(secret_key=SECRET)
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings, "port", 9000)  # noqa: B010 - the types forbid the plain way


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example.com/{z}/{x}/{y}.png",
        "https://tiles.example.com/{z}/{x}.png",
        "https://tiles.example.com/{z}/{x}/{y}/{y}.png",
        "https://tiles.example.com; script-src *;/{z}/{x}/{y}.png",
        "https://user@tiles.example.com/{z}/{x}/{y}.png",
        "{z}/{x}/{y}.png",
    ],
)
def test_an_address_of_tiles_that_is_none_is_refused(address):
    with pytest.raises(NotConfigured, match="REPCRM_MAP_TILES"):
        read_settings(secret_key=SECRET, map_tiles=address)


def test_the_origin_of_the_tiles_is_all_that_is_let_in():
    settings = read_settings(secret_key=SECRET, map_tiles="https://tiles.example.com/a/{z}/{x}/{y}.png?k=1")
    assert settings.map_origin == "https://tiles.example.com"
    assert read_settings(secret_key=SECRET).map_origin == ""
