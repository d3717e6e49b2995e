package dev.kstage.cli.deadletter;

import dev.kstage.cli.option.Place;
import dev.kstage.cli.option.StoredPlaces;
import dev.kstage.stage.DeadLetters;
import picocli.CommandLine.Parameters;

/** The place whose dead letters a command is about. */
final class LetterPlace {
    @Parameters(
            index = "0",
            paramLabel = "PLACE",
            description =
                    "Where `consume --to` stored: a file, a directory, a database or kafka:TOPIC; or the place of the"
                            + " dead letters itself.")
    Place place = new Place.StandardOutput();

    DeadLetters open(StoredPlaces places) {
        return places.deadLetters(place);
    }
}
