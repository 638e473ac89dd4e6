package dev.freshet.deploy.doctor.check;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** How much a finding matters, the worst first. */
public enum Level {
    /** A measurement will be spoilt, or cannot begin. */
    @JsonProperty("failure")
    FAILURE,
    /** A measurement can be spoilt. */
    @JsonProperty("warning")
    WARNING,
    /** It could not be found out. */
    @JsonProperty("unknown")
    UNKNOWN,
    /** Worth knowing, and harmless in most measurements. */
    @JsonProperty("note")
    NOTE,
    /** Looked at, and found in order. */
    @JsonProperty("ok")
    OK;

    /** Whether it should be mended before anything is measured. What is not known is no proof of a flaw. */
    public boolean spoils() {
        return this == FAILURE || this == WARNING;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
