package dev.freshet.coordinator.results.report;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.freshet.common.InputException;
import dev.freshet.coordinator.page.PageResource;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.SummaryJson;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * {@code report.html}: one file that shows a finished run anywhere, without network. It holds the tables as plain HTML, the data as JSON, and the
 * page's own modules, which put charts and sortable tables in place of the plain ones. Its security policy lets nothing else run, and nothing load.
 */
public final class ReportHtml {
    public static final String FILE = "report.html";

    private static final JsonMapper JSON = JsonMapper.builder(
                    new JsonFactoryBuilder().characterEscapes(new ForHtml()).build())
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .build();

    private ReportHtml() {}

    /** No character that could end the script element, or a line of a script. */
    private static final class ForHtml extends CharacterEscapes {
        private final int[] ascii = standardAsciiEscapesForJSON();

        ForHtml() {
            for (char c : new char[] {'<', '>', '&'}) {
                ascii[c] = ESCAPE_STANDARD;
            }
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ascii;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return c == '\u2028' || c == '\u2029' ? new SerializedString(String.format("\\u%04x", c)) : null;
        }
    }

    /** Writes the file of a run that is over, from its own files; it appears whole or not at all. */
    public static void write(ResultDirectory directory) throws IOException {
        Path target = directory.path().resolve(FILE);
        Path part = target.resolveSibling(FILE + ".part");
        try {
            try (Writer out = Files.newBufferedWriter(part)) {
                write(
                        out,
                        ReportData.of(directory),
                        summary(directory),
                        directory.path().getFileName().toString());
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Summary summary(ResultDirectory directory) {
        try {
            return SummaryJson.read(directory);
        } catch (InputException e) { // the data says that it is missing
            return null;
        }
    }

    private static void write(Writer out, ReportData data, Summary summary, String run) throws IOException {
        String style = PageResource.text("uplot.css") + "\n" + PageResource.text("style.css") + "\n"
                + PageResource.text("report.css");
        String modules = ReportModules.importMap();
        String policy = "default-src 'none'; script-src data: " + hash(modules) + " " + hash(ReportModules.start())
                + "; style-src " + hash(style) + "; img-src data:; base-uri 'none'; form-action 'none'";
        String title = summary == null
                ? run
                : summary.verdict().status() + " · " + summary.run().name();
        out.write("""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="%s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>%s · Freshet</title>
                """.formatted(policy, Html.escaped(title)));
        out.write("<style>" + style + "</style>\n</head>\n<body class=\"report\">\n<main>\n");
        out.write("<article id=\"plain\" class=\"view finished\">\n" + missing(data));
        out.write(summary == null ? "<h1>" + Html.escaped(run) + "</h1>\n" : SummaryTables.of(summary));
        out.write("</article>\n</main>\n<script type=\"application/json\" id=\"data\">");
        JSON.writeValue(out, data);
        out.write("</script>\n<script type=\"importmap\">" + modules + "</script>\n");
        out.write("<script type=\"module\">" + ReportModules.start() + "</script>\n</body>\n</html>\n");
    }

    private static String missing(ReportData data) {
        if (data.missing().isEmpty()) {
            return "";
        }
        Html html =
                new Html().open("section", "card missing").element("h2", null, "Not all of this run's files are there");
        html.open("ul", null);
        data.missing().forEach(sentence -> html.element("li", null, sentence));
        return html.close("ul").close("section").toString();
    }

    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
