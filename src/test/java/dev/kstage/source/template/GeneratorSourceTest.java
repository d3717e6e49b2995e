package dev.kstage.source.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kstage.record.Origin;
import dev.kstage.record.Position;
import dev.kstage.record.Positions;
import dev.kstage.record.Record;
import dev.kstage.stage.Batch;
import dev.kstage.stage.Standing;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeneratorSourceTest {
    private static Positions at(long next) {
        return Positions.of(Map.of(0, Position.at(next)));
    }

    private static GeneratorSource generator(long count) {
        return new GeneratorSource(new UserEvents(7), 7, count);
    }

    @Test
    void tells_its_template_and_its_seed() {
        assertThat(generator(1).origin()).isEqualTo(new Origin("user_events", "seed 7"));
    }

    @Test
    void starts_with_the_first_event() {
        Standing listener = Standing.atCreation();

        generator(5).start(listener);

        assertThat(listener.claimed()).isEqualTo(at(0));
    }

    @Test
    void continues_at_the_offsets_of_the_sink() {
        GeneratorSource generator = generator(5);
        generator.start(Standing.at(at(3)));

        Batch batch = generator.poll(10, Duration.ZERO);

        assertThat(batch.records()).extracting(Record::offset).containsExactly(3L, 4L);
        assertThat(batch.to()).isEqualTo(at(5));
        assertThat(generator.isAtEnd()).isTrue();
    }

    @Test
    void gives_records_that_leave_partition_and_time_to_the_sink() {
        GeneratorSource generator = generator(1);
        generator.start(Standing.atCreation());

        Record record = generator.poll(1, Duration.ZERO).records().get(0);

        assertThat(record.partition()).isEqualTo(-1);
        assertThat(record.timestamp()).isEqualTo(-1);
        assertThat(record.key()).hasToString("u10503");
    }

    @Test
    void gives_no_more_than_was_asked_for() {
        GeneratorSource generator = generator(5);
        generator.start(Standing.atCreation());

        assertThat(generator.poll(2, Duration.ZERO).records()).hasSize(2);
        assertThat(generator.lag()).isEqualTo(3);
    }

    @Test
    void gives_at_most_a_thousand_at_once() {
        GeneratorSource generator = generator(5_000);
        generator.start(Standing.atCreation());

        assertThat(generator.poll(10_000, Duration.ZERO).records()).hasSize(1_000);
    }

    @Test
    void is_at_its_end_when_everything_was_stored_before() {
        GeneratorSource generator = generator(5);
        generator.start(Standing.at(at(5)));

        assertThat(generator.isAtEnd()).isTrue();
        assertThat(generator.lag()).isZero();
    }
}
