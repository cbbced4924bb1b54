"""Roadmap pictures that are drawn when they are needed."""

from io import BytesIO
from pathlib import Path

import fontpkg_inter
from PIL import Image, ImageDraw, ImageFont

_FONT = Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"
_HELPDESK = {
    "Now": ("Customer portal", "Ticket reminders", "Faster search"),
    "Next": ("Answers by message", "Support reports", "Project Falcon"),
    "Later": ("Brightdesk import 2031", "Seats at $49", "Shared calendar"),
}


def helpdesk() -> bytes:
    """A made-up roadmap of three lanes, with a code name, a brand, a year and a price in it."""
    page = Image.new("RGB", (1200, 640), "white")
    draw = ImageDraw.Draw(page)
    head, body = (ImageFont.truetype(str(_FONT), size) for size in (30, 24))
    draw.text((40, 30), "Helpdesk roadmap", font=head, fill="#101828")
    for column, (lane, items) in enumerate(_HELPDESK.items()):
        left = 40 + column * 390
        draw.text((left, 110), lane, font=head, fill="#2E90FA")
        for row, item in enumerate(items):
            top = 180 + row * 140
            draw.rounded_rectangle(
                (left, top, left + 350, top + 100), 10, outline="#98A2B3", width=2
            )
            draw.text((left + 24, top + 34), item, font=body, fill="#101828")
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
