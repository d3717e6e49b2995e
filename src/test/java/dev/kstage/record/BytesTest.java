package dev.kstage.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Both questions are answered eight bytes at a time, so each place within and after eight is asked for. */
class BytesTest {
    private static final int LENGTHS = 20;

    @Test
    void ascii_without_a_zero_is_plain() {
        for (int length = 0; length < LENGTHS; length++) {
            assertThat(filled(length, 0x01).isPlain()).isTrue();
            assertThat(filled(length, 0x7f).isPlain()).isTrue();
        }
    }

    @Test
    void one_byte_that_is_zero_or_not_ascii_is_enough() {
        for (int length = 1; length < LENGTHS; length++) {
            for (int at = 0; at < length; at++) {
                for (int odd : new int[] {0x00, 0x80, 0xff}) {
                    assertThat(filled(length, 0x01, at, odd).isPlain()).isFalse();
                    assertThat(filled(length, 0x7f, at, odd).isPlain()).isFalse();
                }
            }
        }
    }

    @Test
    void finds_a_byte_at_any_index_and_no_other() {
        for (int wanted : new int[] {0x00, 0x0a, 0x7f, 0x80, 0xff}) {
            for (int length = 1; length < LENGTHS; length++) {
                for (int neighbour : new int[] {wanted - 1, wanted + 1, wanted ^ 0x80}) {
                    assertThat(filled(length, neighbour).contains((byte) wanted))
                            .isFalse();
                    for (int at = 0; at < length; at++) {
                        assertThat(filled(length, neighbour, at, wanted).contains((byte) wanted))
                                .isTrue();
                    }
                }
            }
        }
    }

    private static Bytes filled(int length, int with) {
        byte[] array = new byte[length];
        Arrays.fill(array, (byte) with);
        return Bytes.of(array);
    }

    private static Bytes filled(int length, int with, int at, int odd) {
        byte[] array = filled(length, with).array();
        array[at] = (byte) odd;
        return Bytes.of(array);
    }
}
