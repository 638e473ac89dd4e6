"""What is measured: a section is a table, a contender a row of it for each size. Contenders take turns, round after round."""

from dataclasses import dataclass, field
from typing import Callable, Optional


@dataclass(frozen=True)
class Contender:
    """``measure`` takes the size (None in sections without sizes) and returns figures by name."""

    name: str
    measure: Callable
    fits: Callable = lambda size: True


@dataclass(frozen=True)
class Column:
    """A figure of the contender, and how it is shown."""

    heading: str
    figure: str
    digits: Optional[int] = None  # after the point; None: three significant ones


@dataclass(frozen=True)
class Ratio:
    """How often the reference's figure the contender's is, each round by itself."""

    heading: str
    figure: str
    reference: str


@dataclass(frozen=True)
class Section:
    name: str
    title: str
    about: str
    contenders: list
    columns: list
    ratios: list = field(default_factory=list)
    sized: bool = False
    once: bool = False  # in one round only


MESSAGES = Column("msg/s", "msg_per_s", 0)
GIGABYTES = Column("GB/s", "gb_per_s", 2)
CPU_PER_GB = Column("CPU s/GB", "cpu_s_per_gb", 2)
RESIDENT = Column("MB resident", "resident_mb", 0)
