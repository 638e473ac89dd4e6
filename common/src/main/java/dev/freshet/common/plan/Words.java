package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Enum constants as the words of the command line and of plans: {@code PRODUCER} is {@code producer}. */
final class Words {
    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E parse(Class<E> type, String what, String text) {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equals(text)) {
                return constant;
            }
        }
        String known = Arrays.stream(type.getEnumConstants()).map(Words::of).collect(Collectors.joining(", "));
        throw new InputException(what + ": '" + text + "' is not one of " + known);
    }
}
