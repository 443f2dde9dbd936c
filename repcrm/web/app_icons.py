"""The icons of the installed app, drawn from img/icon.svg: `python -m repcrm.web.app_icons` writes them anew."""

import vl_convert

from repcrm.paths import STATIC

SIDE = 24
"""Of the drawing, in its own units."""


def draw() -> None:
    """Write the rounded icon, and the one that fills its square so that every phone may cut its own shape out of it."""
    svg = (STATIC / "img" / "icon.svg").read_text("utf-8")
    square = svg.replace('<rect x="1" y="1" width="22" height="22" rx="6"', '<rect width="24" height="24"')
    for drawing, pixels in ((svg, 192), (square, 512)):
        sized = drawing.replace("<svg ", f'<svg width="{SIDE}" height="{SIDE}" ', 1)
        (STATIC / "img" / f"icon-{pixels}.png").write_bytes(vl_convert.svg_to_png(sized, scale=pixels / SIDE))


if __name__ == "__main__":
    draw()
