package dev.freshet.coordinator.results;

/** One interface of one host; the interface is null if the agents there did not tell theirs. */
record Place(String host, String interfaceName) {
    static Place of(AgentFacts agent) {
        return new Place(agent.host(), agent.interfaceName());
    }
}
