"""What the demo shows to customers looks like a company's own."""

from demo.contracts import INDEX


def test_only_the_name_of_the_index_tells_that_its_values_are_invented():
    """Customers read its code in letters and on their page; the administrator reads its name too."""
    assert "demo" not in INDEX["code"].lower()
    assert "demonstração" in INDEX["name"]
