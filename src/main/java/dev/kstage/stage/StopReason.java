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

    private final String reportName;

    StopReason(String reportName) {
        this.reportName = reportName;
    }

    @JsonValue
    public String reportName() {
        return reportName;
    }
}
