"""Measurements, one JSON object a line, and what several rounds of them come to."""

import json
import statistics

LINES = "results.jsonl"
ENVIRONMENT = "environment.json"


class Results:
    """All measurements of a directory; new ones are written as they come."""

    def __init__(self, directory):
        self._path = directory / LINES
        self.lines = []
        if self._path.exists():
            with open(self._path, encoding="utf-8") as file:
                self.lines = [json.loads(line) for line in file if line.strip()]

    def add(self, **measurement):
        self.lines.append(measurement)
        with open(self._path, "a", encoding="utf-8") as file:
            file.write(json.dumps(measurement) + "\n")

    def rounds(self, section, size, contender):
        """Figures by round, of those that came about."""
        return {
            line["round"]: line["figures"]
            for line in self.lines
            if (line["section"], line["size"], line["contender"]) == (section, size, contender) and line.get("figures")
        }

    def sizes(self, section):
        return sorted({line["size"] for line in self.lines if line["section"] == section}, key=lambda size: size or 0)

    def contenders(self, section, size):
        """In the order of the first round."""
        return list(dict.fromkeys(line["contender"] for line in self.lines if (line["section"], line["size"]) == (section, size)))

    def failures(self):
        return [line for line in self.lines if line.get("failure")]

    def spread(self, section, size, contender, figure):
        """Median, least and most of a figure; None if it is not known."""
        return spread([figures.get(figure) for figures in self.rounds(section, size, contender).values()])

    def ratio(self, section, size, contender, reference, figure):
        """The same of the ratio of two contenders, each round by itself."""
        theirs = self.rounds(section, size, reference)
        pairs = [
            (figures.get(figure), theirs[round_].get(figure))
            for round_, figures in self.rounds(section, size, contender).items()
            if round_ in theirs
        ]
        return spread([one / other for one, other in pairs if one is not None and other])


def spread(values):
    known = [value for value in values if value is not None]
    return (statistics.median(known), min(known), max(known)) if known else None
