package dev.kstage.stage;

import com.fasterxml.jackson.annotation.JsonValue;

/** Why a stage stopped, with the name that reports use. */
public enum StopReason {
    END("end"),
    COUNT("count"),
    IDLE("idle"),
    MAX_TIME("maxTime"),
    INTERRUPTED("interrupted"),
    FAILURE("failure");

    private final String word;

    StopReason(String word) {
        this.word = word;
    }

    @JsonValue
    public String word() {
        return word;
    }
}
