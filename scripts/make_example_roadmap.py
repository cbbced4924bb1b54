"""Draw examples/roadmap/roadmap.png: a made-up vendor's roadmap, as a screenshot of a tool.

It holds what `sanitize_ip` has to keep out: names, dates, prices, versions, a code name, an address.

    python scripts/make_example_roadmap.py
"""

from pathlib import Path

import fontpkg_inter
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "examples" / "roadmap" / "roadmap.png"
FONT = Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"
TITLE_SIZE = 24
INK, GREY, LINE, PAPER = "#101828", "#667085", "#E4E7EC", "#F7F8FA"

Card = tuple[str, str, str, str, str, str]
# name, note, version or ticket, date, price, owner
LANES: tuple[tuple[str, str, tuple[Card, ...]], ...] = (
    ("Now", "#12B76A", (
        ("Live crew scheduling", "Drag a job, and the day replans itself", "v4.8", "14 Mar", "$29/seat", "Dana Whitfield"),
        ("Progress billing with retainage", "Draft invoices straight from site reports", "v4.9", "28 Mar", "$0.4M ARR", "Luis Ortega"),
        ("Offline job forms", "Photos and signatures without a signal", "v4.9", "4 Apr", "Included", "Mei Tanaka"),
    )),
    ("Next", "#2E90FA", (
        ("Permit and inspection tracker", "Reminders before a permit runs out", "v5.0", "Q2 2027", "$12/seat", "Dana Whitfield"),
        ("Change order approvals", "Signed by the client on the phone", "v5.1", "Q2 2027", "Included", "Priya Raman"),
        ("Two-way accounting sync", "No double entry in the back office", "v5.1", "Q3 2027", "$45,000", "Luis Ortega"),
    )),
    ("Later", "#9E77ED", (
        ("Project Nighthawk", "Bid estimates from drawings, with AI", "R&D", "H2 2027", "$310,000", "Mei Tanaka"),
        ("Van stock and purchasing", "Parts on board, and what to reorder", "v6.0", "2028", "Pilot", "Priya Raman"),
        ("Service agreement renewals", "Recurring visits, planned by themselves", "v6.1", "2028", "$18/seat", "Omar Haddad"),
    )),
)  # fmt: skip


def font(size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    face = ImageFont.truetype(str(FONT), size)
    face.set_variation_by_axes([14 if size < TITLE_SIZE else 28, weight])
    return face


def main() -> None:
    page = Image.new("RGB", (1440, 900), PAPER)
    draw = ImageDraw.Draw(page)
    _frame(draw)
    for column, (name, colour, cards) in enumerate(LANES):
        left = 252 + column * 396
        draw.rounded_rectangle((left, 150, left + 380, 880), 12, fill="#EEF0F4")
        draw.ellipse((left + 16, 171, left + 28, 183), fill=colour)
        draw.text((left + 38, 166), name, font=font(18, 600), fill=INK)
        draw.text((left + 346, 168), str(len(cards)), font=font(15), fill=GREY)
        for row, card in enumerate(cards):
            _card(draw, (left + 12, 206 + row * 224), card, colour)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    page.quantize(colors=128, dither=Image.Dither.NONE).save(TARGET, optimize=True)


def _frame(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((0, 0, 228, 900), fill="#101828")
    draw.rounded_rectangle((22, 24, 52, 54), 8, fill="#F79009")
    draw.text((64, 28), "Voltbrook", font=font(19, 700), fill="white")
    for row, entry in enumerate(("Home", "Roadmap", "Releases", "Feedback", "Settings")):
        if entry == "Roadmap":
            draw.rounded_rectangle((12, 88 + row * 44, 216, 124 + row * 44), 8, fill="#344054")
        draw.text((28, 96 + row * 44), entry, font=font(15, 500), fill="#D0D5DD")
    draw.text((28, 846), "roadmap.voltbrook.example", font=font(12), fill="#98A2B3")
    draw.text((252, 30), "Voltbrook product roadmap 2027", font=font(28, 700), fill=INK)
    draw.text((252, 78), "Last updated 3 March 2027 by Dana Whitfield", font=font(15), fill=GREY)
    draw.rounded_rectangle((1190, 34, 1412, 66), 16, fill="#FEE4E2")
    draw.text((1208, 41), "Internal - do not share", font=font(15, 600), fill="#B42318")
    draw.line((252, 118, 1412, 118), fill=LINE, width=2)


def _card(draw: ImageDraw.ImageDraw, at: tuple[int, int], card: Card, colour: str) -> None:
    left, top = at
    name, note, version, date, price, owner = card
    draw.rounded_rectangle((left, top, left + 356, top + 208), 10, fill="white", outline=LINE)
    draw.rectangle((left, top + 14, left + 4, top + 46), fill=colour)
    draw.text((left + 20, top + 18), name, font=font(18, 600), fill=INK)
    draw.text((left + 20, top + 50), note, font=font(14), fill=GREY)
    chip = left + 20
    for text, ground in ((version, "#F2F4F7"), (date, "#EFF8FF"), (price, "#ECFDF3")):
        width = int(draw.textlength(text, font=font(14, 500))) + 24
        draw.rounded_rectangle((chip, top + 100, chip + width, top + 128), 14, fill=ground)
        draw.text((chip + 12, top + 105), text, font=font(14, 500), fill="#344054")
        chip += width + 10
    draw.ellipse((left + 20, top + 156, left + 48, top + 184), fill="#D1E0FF")
    initials = "".join(part[0] for part in owner.split())
    draw.text((left + 26, top + 163), initials, font=font(11, 600), fill="#1849A9")
    draw.text((left + 58, top + 161), owner, font=font(14), fill="#344054")


if __name__ == "__main__":
    main()
