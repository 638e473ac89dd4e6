package dev.freshet.coordinator.web;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Who may begin, stop and change runs over HTTP. */
public enum ControlAccess {
    /** Whoever reaches it, which is only this machine's users. */
    OPEN,
    /** Who has the token. */
    TOKEN,
    /** Nobody. */
    NONE;

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
