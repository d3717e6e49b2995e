package dev.kstage.cli.option;

import dev.kstage.report.Failure;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rejects file names whose extension means another format than JSON lines. A name that starts with {@code ./}, or
 * contains {@code /./}, is accepted.
 */
final class FileExtension {
    private static final Pattern ENDING = Pattern.compile("[^/\\\\]\\.([A-Za-z0-9]+)$");
    private static final Set<String> SQLITE = Set.of("db", "db3", "sqlite", "sqlite3");
    private static final Set<String> OTHERS = Set.of(
            "csv", "tsv", "parquet", "avro", "orc", "xls", "xlsx", "xml", "yaml", "yml", "duckdb", "arrow", "gz", "tgz",
            "zst", "bz2", "xz", "lz4", "snappy", "zip");

    private FileExtension() {}

    /** @throws Failure if the extension means another format, and the name has no {@code ./} */
    static void refuse(String text) {
        Matcher ending = ENDING.matcher(text);
        if (text.startsWith("./") || text.contains("/./") || !ending.find()) {
            return;
        }
        String form = ending.group(1).toLowerCase(Locale.ROOT);
        if (SQLITE.contains(form)) {
            throw refused(text, form, "for a SQLite table use sqlite:" + text + "; ");
        }
        if (OTHERS.contains(form)) {
            throw refused(text, form, "use a name that ends in .jsonl; ");
        }
    }

    private static Failure refused(String text, String form, String instead) {
        return new Failure(
                Failure.Kind.USAGE,
                "cannot store in " + text,
                "a file holds JSON lines, and the name ends in ." + form,
                instead + "for JSON lines under this name use " + insisting(text));
    }

    private static String insisting(String text) {
        int name = text.lastIndexOf('/') + 1;
        return text.startsWith("/") ? text.substring(0, name) + "./" + text.substring(name) : "./" + text;
    }
}
