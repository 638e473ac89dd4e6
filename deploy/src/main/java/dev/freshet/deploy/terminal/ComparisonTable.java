package dev.freshet.deploy.terminal;

import static dev.freshet.coordinator.results.FigureText.UNKNOWN;
import static java.util.Locale.ROOT;

import dev.freshet.common.units.ByteSize;
import dev.freshet.common.units.Durations;
import dev.freshet.coordinator.history.Comparison;
import dev.freshet.coordinator.history.Comparison.Figure;
import dev.freshet.coordinator.history.Comparison.PlanKey;
import dev.freshet.coordinator.results.TextTable;
import java.util.List;

/** Two runs side by side for a person: the answer of {@code freshet compare}. What is not known is a dash. */
public final class ComparisonTable {
    private ComparisonTable() {}

    public static String of(Comparison comparison) {
        StringBuilder text = new StringBuilder(RunsTable.of(List.of(comparison.a(), comparison.b())));
        TextTable figures = new TextTable(1).row("", "a", "b", "b - a", "b / a", "");
        for (Figure figure : comparison.figures()) {
            figures.row(
                    figure.name().replace('_', ' '),
                    value(figure.unit(), figure.a()),
                    value(figure.unit(), figure.b()),
                    difference(figure),
                    figure.ratio() == null ? UNKNOWN : String.format(ROOT, "%.3f", figure.ratio()),
                    judgement(figure));
        }
        text.append('\n').append(figures.text());
        if (!comparison.plan().isEmpty()) {
            TextTable plan = new TextTable(1).row("", "a", "b");
            for (PlanKey key : comparison.plan()) {
                plan.row(key.key(), text(key.a()), text(key.b()));
            }
            text.append("\nWhere the plans differ\n").append(plan.text());
        }
        return text.toString();
    }

    private static String text(Object value) {
        return value == null ? UNKNOWN : value.toString();
    }

    private static String value(String unit, Double value) {
        if (value == null) {
            return UNKNOWN;
        }
        return switch (unit) {
            case "hz" -> String.format(ROOT, "%.1f/s", value);
            case "bytes_per_s" -> ByteSize.formatPerSecond(value);
            case "bytes" -> ByteSize.humanDecimal(value);
            case "us" -> Durations.humanMicros(value);
            case "share" -> String.format(ROOT, "%.2f %%", 100 * value);
            default -> String.format(ROOT, "%.0f", value);
        };
    }

    private static String difference(Figure figure) {
        if (figure.difference() == null) {
            return UNKNOWN;
        }
        String sign = figure.difference() > 0 ? "+" : figure.difference() < 0 ? "-" : "";
        return sign + value(figure.unit(), Math.abs(figure.difference()));
    }

    private static String judgement(Figure figure) {
        if (figure.better() == null || figure.difference() == null || figure.difference() == 0) {
            return "";
        }
        return figure.better().equals("higher") == figure.difference() > 0 ? "better" : "worse";
    }
}
