"""Make the package's icon file from the npm package @phosphor-icons/core.

npm pack @phosphor-icons/core@2.1.1
python scripts/vendor_icons.py phosphor-icons-core-2.1.1.tgz

Of each duotone icon the SVG's inner markup and the index's tags are kept. Logos are left out: they
are other people's trade marks. The same tarball always makes the same bytes.
"""

import gzip
import json
import re
import sys
import tarfile
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "storyloom" / "boards" / "data"
DUOTONE = re.compile(r"^package/assets/duotone/([a-z0-9-]+)-duotone\.svg$")
INNER = re.compile(r"^<svg[^>]*>(.*)</svg>\s*$", re.DOTALL)
ENTRY = re.compile(r'name: "([a-z0-9-]+)",.*?tags: \[(.*?)\]', re.DOTALL)
TAG = re.compile(r'"([^"]+)"')


def read(tarball: Path) -> tuple[dict[str, str], str, str]:
    markup: dict[str, str] = {}
    texts: dict[str, str] = {}
    with tarfile.open(tarball) as package:
        for member in package:
            file = package.extractfile(member)
            if file is None:
                continue
            if match := DUOTONE.match(member.name):
                markup[match[1]] = file.read().decode("utf-8")
            elif member.name in ("package/dist/index.mjs", "package/LICENSE"):
                texts[member.name] = file.read().decode("utf-8")
    return markup, texts["package/dist/index.mjs"], texts["package/LICENSE"]


def main(tarball: Path) -> None:
    markup, index, licence = read(tarball)
    tags = {
        name: [tag for tag in TAG.findall(block) if not tag.startswith("*")]
        for name, block in ENTRY.findall(index)
    }
    icons: dict[str, dict[str, object]] = {}
    for name in sorted(markup):
        inner = INNER.match(markup[name])
        if name.endswith("-logo") or inner is None:
            continue
        icons[name] = {"svg": inner[1], "tags": tags.get(name, [])}
    text = json.dumps(icons, ensure_ascii=False, separators=(",", ":"))
    packed = gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)
    (TARGET / "phosphor-duotone.json.gz").write_bytes(packed)
    (TARGET / "phosphor-LICENSE.txt").write_text(licence, "utf-8")
    print(f"{len(icons)} icons, {len(text)} characters, {len(packed)} bytes packed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
