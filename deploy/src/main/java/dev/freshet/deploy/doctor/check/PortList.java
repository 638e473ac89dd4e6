package dev.freshet.deploy.doctor.check;

import dev.freshet.common.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports as people write them: {@code 5550,6000-6007}. */
public final class PortList {
    private static final Pattern PART = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
    private static final int HIGHEST = 65535;

    private PortList() {}

    /**
     * @param what the option the text came from, for the error
     * @return in order, each once
     * @throws InputException if it is not such a list, or a port is not from 1 to 65535
     */
    public static List<Integer> parse(String what, String text) {
        TreeSet<Integer> ports = new TreeSet<>();
        for (String part : text.strip().split("\\s*,\\s*", -1)) {
            Matcher form = PART.matcher(part);
            if (!form.matches()) {
                throw new InputException(what + ": '" + text + "' is not a list of ports (example: 5550,6000-6007)");
            }
            int first = Integer.parseInt(form.group(1));
            int last = form.group(2) == null ? first : Integer.parseInt(form.group(2));
            if (first < 1 || last > HIGHEST || first > last) {
                throw new InputException(what + ": '" + part + "' is not a port from 1 to " + HIGHEST
                        + ", or a range of them from low to high");
            }
            for (int port = first; port <= last; port++) {
                ports.add(port);
            }
        }
        return List.copyOf(ports);
    }

    /** The shortest form; what this writes, {@link #parse} reads. */
    static String text(List<Integer> ports) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < ports.size(); ) {
            int first = ports.get(i);
            int end = i + 1;
            while (end < ports.size() && ports.get(end) == first + end - i) {
                end++;
            }
            parts.add(end - i == 1 ? String.valueOf(first) : first + "-" + ports.get(end - 1));
            i = end;
        }
        return String.join(",", parts);
    }
}
