package dev.freshet.deploy.doctor.host;

/**
 * What a Java virtual machine tells of itself.
 *
 * @param version as a person reads it
 * @param feature the number that counts: 17, 25
 * @param bits of an address: "64"; null if it is not told
 * @param machine name and build of the virtual machine
 * @param mode how it runs: "mixed mode, sharing"
 * @param toolOptions the environment's {@code JAVA_TOOL_OPTIONS}, which every JVM takes; null if there are none
 * @param processors how many processors it may use
 */
public record JavaFacts(
        String version, int feature, String bits, String machine, String mode, String toolOptions, int processors) {
    /** The one that runs this. */
    public static JavaFacts here() {
        return new JavaFacts(
                Runtime.version().toString(),
                Runtime.version().feature(),
                System.getProperty("sun.arch.data.model"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                System.getProperty("java.vm.info", ""),
                System.getenv("JAVA_TOOL_OPTIONS"),
                Runtime.getRuntime().availableProcessors());
    }
}
