package dev.kstage.cli.verify;

import dev.kstage.record.Bytes;
import dev.kstage.record.Record;
import dev.kstage.report.Failure;
import dev.kstage.source.KeyField;
import dev.kstage.verify.ExpectedKeys;
import org.jspecify.annotations.Nullable;

/** The keys of a run that took them from a field of the values. */
record FieldKeys(KeyField field) implements ExpectedKeys {
    @Override
    public boolean isSent(Record record) {
        if (field.ifMissing() != KeyField.IfMissing.DEAD_LETTER) {
            return true;
        }
        try {
            var unused = field.keyOf(record);
            return true;
        } catch (KeyField.Missing e) {
            return false;
        }
    }

    @Override
    public @Nullable Bytes of(Record record) {
        try {
            return field.keyOf(record);
        } catch (KeyField.Missing e) {
            throw new Failure(
                    Failure.Kind.USAGE,
                    "the run can't have sent record " + record.offset() + " of the input",
                    "it has no key \"" + field.path() + "\": " + e.why(),
                    "use the --key-from and --key-if-missing of the run",
                    e);
        }
    }
}
