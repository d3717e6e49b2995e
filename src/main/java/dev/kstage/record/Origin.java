package dev.kstage.record;

/**
 * The topic, file or template that the positions of a source refer to. A sink stores it with the positions, to detect
 * a topic that was deleted and recreated under the same name.
 *
 * @param name the topic, the file or the template
 * @param id distinguishes it from others of the same name; for a topic, its topic id (KIP-516)
 */
public record Origin(String name, String id) {}
