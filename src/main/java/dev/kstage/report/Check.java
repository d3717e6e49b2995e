package dev.kstage.report;

/**
 * One thing that a verdict rests on.
 *
 * @param name what is claimed, as a short sentence
 * @param passed whether it holds
 * @param detail the figures behind it
 */
public record Check(String name, boolean passed, String detail) {}
