package dev.freshet.coordinator.results.report;

import dev.freshet.coordinator.page.PageResource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The page's modules in one import map. A module within a file has no address that another's could be relative to, so each is a data: address
 * under a name of its own, and imports are rewritten to these names.
 */
final class ReportModules {
    private static final String ENTRY = "report.js";
    private static final String PREFIX = "freshet/";
    private static final Pattern IMPORT = Pattern.compile("((?:from|import)\\s*\\(?\\s*['\"])\\./([\\w.-]+)(?=['\"])");

    private ReportModules() {}

    /** The statement that starts the report. */
    static String start() {
        return "import '" + PREFIX + ENTRY + "';";
    }

    /** The import map, as JSON: the report's entry and all that it needs, and nothing else. */
    static String importMap() {
        Map<String, String> modules = new LinkedHashMap<>();
        Deque<String> wanted = new ArrayDeque<>(new TreeSet<>(java.util.Set.of(ENTRY)));
        while (!wanted.isEmpty()) {
            String name = wanted.remove();
            if (modules.containsKey(name)) {
                continue;
            }
            String source = PageResource.text(name);
            modules.put(name, rewritten(source));
            IMPORT.matcher(source).results().map(found -> found.group(2)).forEach(wanted::add);
        }
        return modules.entrySet().stream()
                .map(module -> "\"" + PREFIX + module.getKey() + "\":\"data:text/javascript;base64,"
                        + Base64.getEncoder().encodeToString(module.getValue().getBytes(StandardCharsets.UTF_8)) + "\"")
                .collect(Collectors.joining(",\n", "{\"imports\":{\n", "\n}}"));
    }

    private static String rewritten(String source) {
        return IMPORT.matcher(source)
                .replaceAll((MatchResult found) -> Matcher.quoteReplacement(found.group(1) + PREFIX + found.group(2)));
    }
}
