from bot.nlu.sources import digest


def test_a_changed_module_beside_the_components_changes_the_digest(tmp_path):
    for package in ("nlu", "safety"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "a.py").write_text("x = 1", "utf-8")
    before = digest(tmp_path)
    (tmp_path / "safety" / "a.py").write_text("x = 2", "utf-8")
    digest.cache_clear()
    assert digest(tmp_path) != before
