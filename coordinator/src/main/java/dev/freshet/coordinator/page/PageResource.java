package dev.freshet.coordinator.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The files of the page as resources of this program, by the names under which the page's own files know them. */
public final class PageResource {
    private static final String OWN = "/dev/freshet/coordinator/web/page/";

    /** The charts: names that we use, and what they are called in their library. */
    private static final Map<String, String> CHART_FILES =
            Map.of("uplot.js", "uPlot.esm.js", "uplot.css", "uPlot.min.css");

    private PageResource() {}

    /** The files that are not ours, but the chart library's. */
    public static Set<String> chartFiles() {
        return CHART_FILES.keySet();
    }

    /** @throws IllegalStateException if the program was built without it */
    public static URL named(String name) {
        return CHART_FILES.containsKey(name)
                ? required("/META-INF/resources/webjars/uplot/" + chartVersion() + "/dist/" + CHART_FILES.get(name))
                : required(OWN + name);
    }

    /** What a file of text holds. */
    public static String text(String name) {
        try (InputStream in = named(name).openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String chartVersion() {
        Properties properties = new Properties();
        try (InputStream in =
                required("/META-INF/maven/org.webjars.npm/uplot/pom.properties").openStream()) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static URL required(String resource) {
        URL url = PageResource.class.getResource(resource);
        if (url == null) {
            throw new IllegalStateException("this program was built without " + resource);
        }
        return url;
    }
}
