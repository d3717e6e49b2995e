package dev.kstage.report;

/**
 * One check of a verdict.
 *
 * @param name what the check claims, as a short sentence
 * @param passed whether the claim is true
 * @param detail the numbers behind it
 */
public record Check(String name, boolean passed, String detail) {}
