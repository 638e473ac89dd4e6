package dev.freshet.deploy.launch.ssh;

/**
 * A host that can be reached and has this distribution.
 *
 * @param name as the user named it, {@code user@} included
 * @param home where the distribution is, an absolute path there
 * @param seesUsAs this machine's address, as the host's connection shows it
 */
record InstalledHost(String name, String home, String seesUsAs) {}
