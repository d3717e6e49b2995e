package dev.kstage.record;

/**
 * What the positions of a source count in. A sink stores it beside them, so that a topic that was
 * deleted and created again under the same name is noticed.
 *
 * @param name the topic, the file or the template
 * @param id what tells it from another of the same name; of a topic: its topic id (KIP-516)
 */
public record Origin(String name, String id) {}
