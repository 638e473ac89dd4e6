package dev.freshet.deploy.doctor.host;

/** The host's own commands, asked for what no file tells. */
@FunctionalInterface
public interface Commands {
    /**
     * Runs a command to its end, for a bounded time.
     *
     * @param command its name, looked for as a shell would, then its arguments
     */
    Answer run(String... command);

    /**
     * What a command answered.
     *
     * @param text its standard output and error; empty if there is a problem
     * @param problem why there is no answer, in words for a person; null if it ended with status 0
     */
    record Answer(String text, String problem) {
        public static Answer of(String text) {
            return new Answer(text, null);
        }

        public static Answer none(String problem) {
            return new Answer("", problem);
        }

        public boolean given() {
            return problem == null;
        }
    }
}
