package dev.freshet.deploy.doctor.check;

import dev.freshet.common.units.Durations;
import dev.freshet.deploy.doctor.host.Commands;
import dev.freshet.deploy.doctor.host.Commands.Answer;
import dev.freshet.deploy.doctor.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the clock is kept by a time service; asked of whichever is there: chrony, systemd, ntpd. */
public final class ClockCheck implements Check {
    private static final Pattern NTP_LEAP = Pattern.compile("leap=([0-9]{2})");

    /** Where in chrony's comma-separated tracking line these stand. */
    private static final int CHRONY_OFFSET_SECONDS = 4;

    private static final int CHRONY_LEAP = 13;
    private static final double FAR_MICROS = 10_000;

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        List<String> problems = new ArrayList<>();
        Optional<Finding> finding = chrony(host.commands(), problems)
                .or(() -> systemd(host.commands(), problems))
                .or(() -> ntp(host.commands(), problems));
        return List.of(finding.orElseGet(() -> Finding.unknown(
                name(),
                "not known whether the clock is kept: " + String.join("; ", problems),
                "sudo apt-get install chrony   # or: sudo dnf install chrony && sudo systemctl enable --now chronyd")));
    }

    private Optional<Finding> chrony(Commands commands, List<String> problems) {
        Answer answer = commands.run("chronyc", "-c", "-n", "tracking");
        String[] fields = answer.text().strip().split(",", -1);
        if (!answer.given() || fields.length <= CHRONY_LEAP) {
            problems.add(answer.given() ? "chronyc tells no tracking" : answer.problem());
            return Optional.empty();
        }
        if (fields[CHRONY_LEAP].equals("Not synchronised")) {
            return Optional.of(Finding.warning(
                    name(),
                    "chrony runs, and has no source to keep the clock by",
                    "chronyc -n sources   # which do not answer",
                    "sudo chronyc burst 4/4 && chronyc waitsync 10"));
        }
        double offsetMicros = Math.abs(Double.parseDouble(fields[CHRONY_OFFSET_SECONDS])) * 1e6;
        String text = "kept by chrony, " + Durations.humanMicros(offsetMicros) + " off";
        return Optional.of(
                offsetMicros < FAR_MICROS
                        ? Finding.ok(name(), text)
                        : Finding.warning(
                                name(),
                                text + ": it is being corrected while you measure",
                                "chronyc waitsync 30 0.001   # waits until it is within a millisecond",
                                "sudo chronyc makestep   # or steps it now"));
    }

    private Optional<Finding> systemd(Commands commands, List<String> problems) {
        Answer answer = commands.run("timedatectl", "show", "--property=NTPSynchronized", "--value");
        String word = answer.text().strip();
        if (word.equals("yes")) {
            return Optional.of(Finding.ok(name(), "synchronised, says timedatectl"));
        }
        if (word.equals("no")) {
            return Optional.of(Finding.warning(
                    name(),
                    "not synchronised, says timedatectl",
                    "sudo timedatectl set-ntp true",
                    "sudo apt-get install chrony   # where there is no time service"));
        }
        problems.add(answer.given() ? "timedatectl does not tell" : answer.problem());
        return Optional.empty();
    }

    private Optional<Finding> ntp(Commands commands, List<String> problems) {
        Answer answer = commands.run("ntpq", "-n", "-c", "rv 0 leap,offset");
        Matcher leap = NTP_LEAP.matcher(answer.text());
        if (!answer.given() || !leap.find()) {
            problems.add(answer.given() ? "ntpq does not tell" : answer.problem());
            return Optional.empty();
        }
        return Optional.of(
                leap.group(1).equals("11")
                        ? Finding.warning(
                                name(),
                                "ntpd runs, and has no source to keep the clock by",
                                "ntpq -pn   # which do not answer")
                        : Finding.ok(name(), "kept by ntpd"));
    }
}
