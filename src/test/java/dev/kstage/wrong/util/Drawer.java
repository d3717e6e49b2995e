package dev.kstage.wrong.util;

/** In a package that says nothing. */
final class Drawer {
    private Drawer() {}
}
