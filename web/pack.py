"""Makes a site small enough for the image, and no byte of it different: python -m web.pack SITE

What gzip makes smaller is stored that way. Of two equal files, and of those that the project has elsewhere, one becomes
a link. web/serve.py serves the site.
"""

import gzip
import hashlib
import os
import sys
from pathlib import Path

from web.serve import ROOT, ZIPPED

WORTH = 0.9  # what is left of a file for which gzip is worth it, at most
SHARED = ("images", "docs")  # folders of the project whose files are in the site too


def main(site: Path) -> None:
    """Compress what is worth it, and make links of what is there already."""
    shared = (path for folder in SHARED for path in sorted((ROOT / folder).rglob("*")) if path.is_file())
    seen = {hashlib.sha256(path.read_bytes()).digest(): path for path in shared}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        content = path.read_bytes()
        zipped = gzip.compress(content, mtime=0)
        if len(zipped) < WORTH * len(content):
            path.unlink()
            path, content = path.with_name(path.name + ZIPPED), zipped
            path.write_bytes(zipped)
        first = seen.setdefault(hashlib.sha256(content).digest(), path)
        if first != path:
            path.unlink()
            path.symlink_to(os.path.relpath(first, path.parent))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
