package dev.freshet.deploy.launch;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an agent is to be.
 *
 * @param host as it was given, {@code daq1} or {@code user@daq1}; null for this machine
 * @param interfaceName name or address of the interface there, or null if none was given
 */
public record Site(String host, String interfaceName) {
    /** This machine, as it is written in a list of hosts. */
    public static final String HERE = "here";

    private static final int MAX_COUNT = 1000;
    private static final String HOST = "(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*";

    /** A part that is nothing but digits is a number of agents; an interface has no such name. */
    private static final Pattern ENTRY = Pattern.compile(
            "(?<host>" + HOST + ")(?::(?<interface>(?![0-9]+(?::|$))[!-9;-~]+))?(?::(?<count>[0-9]{1,5}))?");

    /** Whether it is this machine. */
    public boolean isHere() {
        return host == null;
    }

    /**
     * Reads {@code daq1,daq2:eth1,user@daq3:2}: a host, then an interface of it, then how many agents are to be there.
     *
     * @param what the option it came from, for the error
     * @return one for each agent, in the order of the list
     * @throws InputException if an entry is not of that form
     */
    public static List<Site> parse(String what, String text) {
        List<Site> sites = new ArrayList<>();
        for (String entry : text.split("[,\\s]+")) {
            sites.addAll(entry(what, entry));
        }
        if (sites.isEmpty()) {
            throw new InputException(what + ": '" + text + "' names no host");
        }
        return sites;
    }

    private static List<Site> entry(String what, String entry) {
        Matcher form = ENTRY.matcher(entry);
        int count = 1;
        if (form.matches() && form.group("count") != null) {
            count = Integer.parseInt(form.group("count"));
        }
        if (!form.matches() || count < 1 || count > MAX_COUNT) {
            throw new InputException(what + ": '" + entry
                    + "' is not a host (examples: daq1, daq2:eth1, user@daq3:2; a number at the end is how many agents, 1 to "
                    + MAX_COUNT + ")");
        }
        String host = form.group("host").equals(HERE) ? null : form.group("host");
        return Collections.nCopies(count, new Site(host, form.group("interface")));
    }

    /**
     * Reads a file of such entries, one or more a line; what follows a {@code #} is a comment.
     *
     * @throws InputException if it cannot be read, or a line is not of that form
     */
    public static List<Site> read(String what, Path file) {
        List<Site> sites = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).replaceAll("#.*", "").strip();
                if (!line.isEmpty()) {
                    sites.addAll(parse(what + ": " + file + " line " + (i + 1), line));
                }
            }
        } catch (IOException e) {
            throw new InputException(
                    what + ": cannot read '" + file + "' ("
                            + (e instanceof NoSuchFileException ? "no such file" : e.getMessage()) + ")",
                    e);
        }
        if (sites.isEmpty()) {
            throw new InputException(what + ": '" + file + "' names no host");
        }
        return sites;
    }
}
