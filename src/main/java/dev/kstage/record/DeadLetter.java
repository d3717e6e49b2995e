package dev.kstage.record;

/**
 * A record that can't be stored as what it should be, through its own fault.
 *
 * @param record the record as it was read
 * @param reason one line for a person: what is wrong with it
 */
public record DeadLetter(Record record, String reason) {}
