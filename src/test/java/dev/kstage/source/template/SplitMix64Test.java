package dev.kstage.source.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitMix64Test {
    /** The first numbers of the reference implementation of SplitMix64 with seed 1234567. */
    @Test
    void gives_the_numbers_of_the_reference() {
        SplitMix64 dice = new SplitMix64(1_234_567);

        assertThat(new long[] {dice.next(), dice.next(), dice.next()})
                .containsExactly(6_457_827_717_110_365_317L, 3_203_168_211_198_807_973L, -8_629_252_141_511_181_193L);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 42, Long.MIN_VALUE, Long.MAX_VALUE, 0x123456789abcdefL})
    void can_be_unmixed(long number) {
        assertThat(SplitMix64.unmix(SplitMix64.mix(number))).isEqualTo(number);
    }

    @Test
    void stays_below_its_bound() {
        SplitMix64 dice = new SplitMix64(1);
        boolean[] seen = new boolean[6];

        for (int roll = 0; roll < 1_000; roll++) {
            seen[dice.below(6)] = true;
        }

        assertThat(seen).containsOnly(true);
    }
}
