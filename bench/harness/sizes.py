"""Payload sizes, with and without units."""

import re

UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}
SIZES = [100, 1 << 10, 16 << 10, 1 << 20, 10 << 20]


def parse_size(text):
    match = re.fullmatch(r"(\d+)(B|KiB|MiB)?", text)
    if not match or int(match.group(1)) == 0:
        raise ValueError(f"'{text}' is not a size such as 100B, 16KiB or 1MiB")
    return int(match.group(1)) * UNITS[match.group(2) or "B"]


def size_name(size):
    for unit in ("MiB", "KiB"):
        if size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]} {unit}"
    return f"{size} B"
