package dev.kstage.cli.terminal;

import org.jline.nativ.CLibrary;

/**
 * The width of the terminal, by one system call (TIOCGWINSZ). A terminal object of JLine would restore terminal
 * settings when it is closed, and may start programs.
 */
final class TerminalWidth {
    private static final int USUAL = 80;
    private static final int STANDARD_ERROR = 2;

    private TerminalWidth() {}

    /** The width in columns; 80 if it is not known. */
    static int ofStandardError() {
        try {
            CLibrary.WinSize size = new CLibrary.WinSize();
            boolean known = CLibrary.ioctl(STANDARD_ERROR, CLibrary.TIOCGWINSZ, size) == 0 && size.ws_col > 1;
            return known ? size.ws_col : USUAL;
        } catch (LinkageError e) {
            // There is no native library for this system.
            return USUAL;
        }
    }
}
