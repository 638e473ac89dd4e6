package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a producer's messages leave by. Agents on one interface of one host share its speed.
 *
 * @param interfaceName as the agent tells it; two of one name on one host are one
 * @param speedBitsPerSecond null if it is not known
 */
public record Link(String agent, String host, String interfaceName, Long speedBitsPerSecond) {
    /** No weight is larger: speeds that have no smaller whole ratio are rounded to a thousandth of the largest share. */
    static final int RESOLUTION = 1_000;

    /**
     * Weights in the ratio of what each agent has of its link, as small as that ratio allows: 4, 4, 4, 1 for three links of 1 Gbit/s and one of
     * 250 Mbit/s. Small, because the shards' rates are exact fractions whose terms are bounded.
     *
     * @throws InputException if a speed is not known; the message names agent and interface, and what to give instead
     */
    static List<Integer> weights(List<Link> links) {
        links.forEach(Link::requireSpeed);
        List<BigInteger> sharers = links.stream()
                .map(link -> BigInteger.valueOf(
                        links.stream().filter(link::isSharedWith).count()))
                .toList();
        BigInteger sharing = sharers.stream().reduce(BigInteger.ONE, Link::leastMultiple);
        List<BigInteger> shares = IntStream.range(0, links.size())
                .mapToObj(i -> BigInteger.valueOf(links.get(i).speedBitsPerSecond)
                        .multiply(sharing)
                        .divide(sharers.get(i)))
                .toList();
        BigInteger unit = shares.stream().reduce(BigInteger.ZERO, BigInteger::gcd);
        BigInteger largest = shares.stream().reduce(BigInteger.ZERO, BigInteger::max);
        BigInteger resolution = BigInteger.valueOf(RESOLUTION);
        if (largest.divide(unit).compareTo(resolution) <= 0) {
            return shares.stream().map(share -> share.divide(unit).intValue()).toList();
        }
        return shares.stream()
                .map(share -> Math.max(1, rounded(share.multiply(resolution), largest)))
                .toList();
    }

    private void requireSpeed() {
        if (speedBitsPerSecond == null) {
            throw new InputException("weights: the speed of interface " + interfaceName + " of " + host + ", which "
                    + agent + " is bound to, is not known; give a weight for each agent instead (--weights 4,4,4,1)");
        }
    }

    private boolean isSharedWith(Link other) {
        return host.equals(other.host) && interfaceName.equals(other.interfaceName);
    }

    private static BigInteger leastMultiple(BigInteger a, BigInteger b) {
        return a.divide(a.gcd(b)).multiply(b);
    }

    private static int rounded(BigInteger dividend, BigInteger divisor) {
        return dividend.add(divisor.shiftRight(1)).divide(divisor).intValue();
    }
}
