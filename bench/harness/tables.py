"""Tables of what was measured: for a terminal, and as Markdown."""

from .sizes import size_name


def cell(spread, digits):
    """``median (least to most)``, or a dash if it is not known."""
    if spread is None:
        return "-"
    median, least, most = (number(value, digits) for value in spread)
    return median if least == most else f"{median} ({least} to {most})"


def number(value, digits):
    return f"{value:,.{digits}f}"


def rows(results, section):
    """Heading and rows of a section's table."""
    heading = (["size"] if section.sized else []) + [""]
    heading += [column.heading for column in section.columns] + [ratio.heading for ratio in section.ratios]
    table = []
    for size in results.sizes(section.name):
        for contender in results.contenders(section.name, size):
            row = ([size_name(size)] if section.sized else []) + [contender]
            row += [cell(results.spread(section.name, size, contender, column.figure), column.digits) for column in section.columns]
            row += [_ratio(results, section, size, contender, ratio) for ratio in section.ratios]
            table.append(row)
    return heading, table


def _ratio(results, section, size, contender, ratio):
    if contender == ratio.reference:
        return "1"
    return cell(results.ratio(section.name, size, contender, ratio.reference, ratio.figure), 2)


def plain(heading, table):
    """Columns in line, the first ones to the left."""
    widths = [max(len(row[i]) for row in [heading] + table) for i in range(len(heading))]
    left = 2 if heading[0] else 1
    line = lambda row: "  ".join(text.ljust(width) if i < left else text.rjust(width) for i, (text, width) in enumerate(zip(row, widths))).rstrip()
    return "\n".join([line(heading)] + [line(row) for row in table])


def markdown(heading, table):
    left = 2 if heading[0] else 1
    rule = ["---" if i < left else "---:" for i in range(len(heading))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [heading, rule] + table)
