package dev.freshet.coordinator.books;

import dev.freshet.common.control.ToCoordinator.HostSample;

/**
 * What an agent told of its host in one interval, beside its books.
 *
 * @param host what its process did to the host, or null
 * @param link what its interface carried since the sample before, or null if there are not two samples
 */
public record AgentSample(HostSample host, InterfaceRate link) {}
