package dev.freshet.deploy.doctor;

import dev.freshet.coordinator.results.TextTable;
import dev.freshet.deploy.doctor.check.Finding;
import dev.freshet.deploy.doctor.check.Level;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checkups for a person: a line for each host, then a line for each finding, the worst first, with the commands that mend it below. */
public final class CheckupTable {
    private static final Pattern LEVEL = Pattern.compile("(?m)^ {2}(FAILURE|WARNING|unknown|note|ok)\\b");
    private static final Map<String, String> COLOR =
            Map.of("FAILURE", "1;31", "WARNING", "33", "unknown", "36", "note", "1", "ok", "32");

    private CheckupTable() {}

    /** @param color whether levels may be coloured */
    public static String of(List<Checkup> checkups, boolean color) {
        boolean several = checkups.size() > 1;
        StringBuilder text = new StringBuilder();
        checkups.forEach(checkup -> text.append(heading(checkup)).append('\n'));
        TextTable table = new TextTable(several ? 4 : 3);
        record Row(String host, Finding finding) {}
        List<Row> rows = checkups.stream()
                .flatMap(checkup -> checkup.findings().stream().map(finding -> new Row(checkup.host(), finding)))
                .filter(row ->
                        !several || row.finding().level() != Level.OK) // of many hosts, what is in order is counted
                .sorted(Comparator.comparing(row -> row.finding().level()))
                .toList();
        for (Row row : rows) {
            Finding finding = row.finding();
            add(table, several, row.host(), word(finding.level()), finding.check(), finding.text());
            finding.remedy().forEach(command -> add(table, several, "", "", "", "  " + command));
        }
        String body = table.text();
        return text + "\n" + (color ? colored(body) : body);
    }

    private static void add(TextTable table, boolean several, String host, String level, String check, String text) {
        if (several) {
            table.row(level, host, check, text);
        } else {
            table.row(level, check, text);
        }
    }

    private static String heading(Checkup checkup) {
        Map<Level, Long> counts = checkup.findings().stream()
                .collect(Collectors.groupingBy(Finding::level, TreeMap::new, Collectors.counting()));
        String said = Arrays.stream(Level.values())
                .filter(counts::containsKey)
                .map(level -> counts.get(level) + " " + plural(level, counts.get(level)))
                .collect(Collectors.joining(", "));
        return checkup.host() + " (" + checkup.interfaceName() + " " + checkup.address() + "): " + said;
    }

    private static String plural(Level level, long count) {
        boolean counted = level == Level.FAILURE || level == Level.WARNING || level == Level.NOTE;
        return level + (counted && count != 1 ? "s" : "");
    }

    /** What should be mended is loud where there is no colour, too. */
    private static String word(Level level) {
        return level.spoils() ? level.name() : level.toString();
    }

    private static String colored(String body) {
        return LEVEL.matcher(body).replaceAll(CheckupTable::colored);
    }

    private static String colored(MatchResult level) {
        return "  \u001b[" + COLOR.get(level.group(1)) + "m" + level.group(1) + "\u001b[0m";
    }
}
