package dev.kstage.cli.terminal;

import org.jline.nativ.CLibrary;

/**
 * How wide the terminal is. One question to the kernel (TIOCGWINSZ); a terminal object of JLine would
 * write the settings of the terminal back when it is closed, and may run programs to find out more.
 */
final class TerminalWidth {
    private static final int USUAL = 80;
    private static final int STANDARD_ERROR = 2;

    private TerminalWidth() {}

    /** In columns; 80 where that can't be known. */
    static int ofStandardError() {
        try {
            CLibrary.WinSize size = new CLibrary.WinSize();
            boolean known = CLibrary.ioctl(STANDARD_ERROR, CLibrary.TIOCGWINSZ, size) == 0 && size.ws_col > 1;
            return known ? size.ws_col : USUAL;
        } catch (LinkageError e) {
            // No native library for this system.
            return USUAL;
        }
    }
}
