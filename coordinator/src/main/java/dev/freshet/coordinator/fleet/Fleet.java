package dev.freshet.coordinator.fleet;

import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Pong;
import dev.freshet.common.plan.AgentName;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.FourTimestamps;
import dev.freshet.coordinator.channel.AgentAddress;
import dev.freshet.coordinator.channel.ControlChannel;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The agents known to the coordinator: who may join, who is still there, and what their clocks say. Told everything with its time, so it
 * needs no clock or timer of its own. Owned by the coordinator's context.
 */
public final class Fleet {
    /** How long an agent may be silent before it is lost. */
    public static final long LEASE_MILLIS = 5_000;

    private final Map<String, FleetAgent> byName = new LinkedHashMap<>();
    private final Map<AgentAddress, FleetAgent> byAddress = new HashMap<>();
    private final BiConsumer<AgentAddress, ToAgent> sender;
    private volatile List<AgentAddress> addresses = List.of();

    /** @param sender how a message leaves */
    public Fleet(BiConsumer<AgentAddress, ToAgent> sender) {
        this.sender = sender;
    }

    /**
     * Answers a Hello with Welcome or Refuse.
     *
     * @return the agent that joined just now, or null: refused, or known already
     */
    public FleetAgent introduce(AgentAddress from, Hello hello, long nowNanos) {
        String refusal = refusal(from, hello);
        if (refusal != null) {
            sender.accept(from, new ToAgent.Refuse(refusal));
            return null;
        }
        FleetAgent known = byName.get(hello.name());
        if (known != null && known.hello().incarnation().equals(hello.incarnation())) {
            welcomeAgain(known, from, nowNanos);
            return null;
        }
        if (known != null) {
            refuseTaken(known, from, nowNanos);
            return null;
        }
        FleetAgent agent = new FleetAgent(hello, from, nowNanos);
        byName.put(agent.name(), agent);
        byAddress.put(from, agent);
        addressesChanged();
        welcome(from);
        return agent;
    }

    /** Why nobody may join so, or null. */
    private String refusal(AgentAddress from, Hello hello) {
        if (!AgentName.isValid(hello.name())) {
            return "'" + hello.name() + "' is not an agent's name (" + AgentName.RULE + ")";
        }
        if (from.agent() != null && !from.agent().equals(hello.name())) {
            return "the key of agent " + from.agent() + " does not open the door for " + hello.name();
        }
        FleetAgent speaking = byAddress.get(from);
        return speaking == null || speaking.name().equals(hello.name())
                ? null
                : "this connection is that of agent " + speaking.name();
    }

    /**
     * An agent that has not had its answer says Hello again. Over another connection only its key proves that it is the same; without one it may
     * be somebody who has seen its Hello pass.
     */
    private void welcomeAgain(FleetAgent known, AgentAddress from, long nowNanos) {
        if (!known.address().equals(from)) {
            if (from.agent() == null) {
                refuseTaken(known, from, nowNanos);
                return;
            }
            byAddress.remove(known.address());
            known.movedTo(from);
            byAddress.put(from, known);
            addressesChanged();
        }
        known.heard(nowNanos);
        welcome(from);
    }

    private void refuseTaken(FleetAgent by, AgentAddress from, long nowNanos) {
        sender.accept(
                from,
                new ToAgent.Refuse("the name " + by.name() + " is taken by an agent on "
                        + by.hello().host()
                        + " (pid " + by.hello().pid() + "), heard "
                        + (nowNanos - by.lastHeardNanos()) / 1_000_000 + " ms ago"));
    }

    private void welcome(AgentAddress to) {
        sender.accept(to, new ToAgent.Welcome(ControlChannel.HEARTBEAT_MILLIS, LEASE_MILLIS));
    }

    /** The agent behind an address, which is heard by this; null for a stranger. */
    public FleetAgent heard(AgentAddress from, long nowNanos) {
        FleetAgent agent = byAddress.get(from);
        if (agent != null) {
            agent.heard(nowNanos);
        }
        return agent;
    }

    /** Where all of them are reached; from any thread. */
    public List<AgentAddress> addresses() {
        return addresses;
    }

    private void addressesChanged() {
        addresses = List.copyOf(byAddress.keySet());
    }

    /** Sends a ping beside those of the heartbeat: a clock exchange. */
    public void ping(FleetAgent agent) {
        sender.accept(agent.address(), ToAgent.Ping.UNSTAMPED);
    }

    public void send(FleetAgent agent, ToAgent message) {
        sender.accept(agent.address(), message);
    }

    /** Takes the exchange that a Pong completes. */
    public void pong(FleetAgent agent, Pong pong, long receivedNanos) {
        agent.exchanged(new FourTimestamps(pong.t1Nanos(), pong.t2Nanos(), pong.t3Nanos(), receivedNanos));
    }

    public FleetAgent named(String name) {
        return byName.get(name);
    }

    public Collection<FleetAgent> agents() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** Up to {@code count} agents of a role that are not busy, by name. */
    public List<String> free(Role role, int count) {
        return byName.values().stream()
                .filter(agent -> agent.role() == role && agent.hello().runInProgress() == null)
                .map(FleetAgent::name)
                .sorted()
                .limit(count)
                .toList();
    }

    /** The agents that have been silent for a whole lease. */
    public List<FleetAgent> silent(long nowNanos) {
        return byName.values().stream()
                .filter(agent -> nowNanos - agent.lastHeardNanos() > LEASE_MILLIS * 1_000_000)
                .toList();
    }

    /** Forgets an agent: it said goodbye, its process ended, or its lease is over. */
    public void remove(FleetAgent agent) {
        byName.remove(agent.name());
        byAddress.remove(agent.address());
        addressesChanged();
    }
}
