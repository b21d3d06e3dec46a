"""Colors of a heat map: light for the best figure of a column, darker for worse ones, text always readable."""

LIGHT, DARK, TEXT = "#fff5f0", "#e38567", "#212529"


def shade(value: float, lowest: float, highest: float) -> str:
    """The background of a figure, by its place between the lowest and the highest of its column.

    >>> shade(5, 5, 20), shade(20, 5, 20), shade(7, 7, 7)
    ('#fff5f0', '#e38567', '#fff5f0')
    """
    place = (value - lowest) / (highest - lowest) if highest > lowest else 0.0
    mixed = (round(light + (dark - light) * place) for light, dark in zip(_rgb(LIGHT), _rgb(DARK), strict=True))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def contrast(one: str, other: str) -> float:
    """The contrast of two colors as the WCAG measures it, 1 to 21.

    >>> contrast("#ffffff", "#000000"), contrast(TEXT, DARK) > 4.5
    (21.0, True)
    """
    lighter, darker = sorted(map(_luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _rgb(color):
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(color):
    parts = (part / 255 for part in _rgb(color))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
