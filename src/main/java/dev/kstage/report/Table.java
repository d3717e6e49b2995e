package dev.kstage.report;

import java.util.ArrayList;
import java.util.List;

/** A text table with headings. Columns are as wide as their cells; numbers align right. */
public final class Table {
    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] right;

    /**
     * @param headings one per column; a heading that starts with {@code >} aligns its column right, and is shown
     *     without the {@code >}
     */
    public Table(String... headings) {
        right = new boolean[headings.length];
        String[] shown = new String[headings.length];
        for (int column = 0; column < headings.length; column++) {
            right[column] = headings[column].startsWith(">");
            shown[column] = right[column] ? headings[column].substring(1) : headings[column];
        }
        rows.add(shown);
    }

    /** Adds a row with one cell per heading; cells are escaped for a terminal. */
    public Table row(Object... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
        }
        String[] row = new String[cells.length];
        for (int column = 0; column < cells.length; column++) {
            row[column] = Text.harmless(String.valueOf(cells[column]));
        }
        rows.add(row);
        return this;
    }

    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /** The lines of the table, each indented by {@code indent} and without trailing spaces. */
    public List<String> lines(String indent) {
        int[] width = new int[right.length];
        for (String[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                width[column] = Math.max(width[column], columns(row[column]));
            }
        }
        List<String> lines = new ArrayList<>(rows.size());
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int column = 0; column < row.length; column++) {
                String padding = " ".repeat(width[column] - columns(row[column]));
                line.append(column == 0 ? "" : "  ");
                line.append(right[column] ? padding + row[column] : row[column] + padding);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static int columns(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
