package dev.kstage.cli.deadletter;

import dev.kstage.cli.option.Destination;
import dev.kstage.cli.option.DestinationReaders;
import dev.kstage.stage.DeadLetters;
import picocli.CommandLine.Parameters;

/** The destination whose dead-letter records a command reads. */
final class DestinationParameter {
    @Parameters(
            index = "0",
            paramLabel = "DESTINATION",
            description = "Destination of `consume --to`: a file, a directory, a database or kafka:TOPIC; or the"
                    + " file, directory,"
                    + " table or topic of the dead-letter records.")
    Destination destination = new Destination.StandardOutput();

    DeadLetters open(DestinationReaders readers) {
        return readers.deadLetters(destination);
    }
}
