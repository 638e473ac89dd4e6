package dev.freshet.common.keys;

/**
 * What a coordinator needs for a control channel with keys.
 *
 * @param pair its own keys
 * @param allowed who may join
 */
public record CoordinatorKeys(KeyPair pair, AllowList allowed) {}
