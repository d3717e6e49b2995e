package dev.kstage.record;

/**
 * A dead-letter record: a record that can't be stored because of its own content.
 *
 * @param record the record as it was read
 * @param reason one line for a person: what is wrong with it
 */
public record DeadLetter(Record record, String reason) {}
