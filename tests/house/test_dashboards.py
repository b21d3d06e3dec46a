"""The dashboards are the files that their script makes: nobody edits them by hand."""

import make_dashboards


def test_files_are_those_that_the_script_makes():
    made = make_dashboards.get_files()
    assert {file.name for file in make_dashboards.FOLDER.iterdir()} == set(made)
    for name, text in made.items():
        assert (make_dashboards.FOLDER / name).read_text(encoding="utf-8") == text, name
