package dev.kstage.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HangingTransactionsTest {
    private static TransactionDescription transaction(TransactionState state) {
        return new TransactionDescription(1, state, 7, 1, 60_000, OptionalLong.empty(), Set.of());
    }

    @Test
    void a_transaction_that_is_ending_for_good_is_waited_for_five_seconds() {
        long[] now = {0};
        int[] looks = {0};

        TransactionDescription last = HangingTransactions.ended(
                () -> {
                    looks[0]++;
                    return transaction(TransactionState.PREPARE_COMMIT);
                },
                () -> now[0] += Duration.ofSeconds(1).toNanos());

        assertThat(last).isEqualTo(transaction(TransactionState.PREPARE_COMMIT));
        assertThat(looks[0]).isEqualTo(5);
    }

    @Test
    void its_end_is_what_counts() {
        Iterator<TransactionState> states = List.of(TransactionState.PREPARE_ABORT, TransactionState.COMPLETE_ABORT)
                .iterator();

        assertThat(HangingTransactions.ended(() -> transaction(states.next()), System::nanoTime))
                .isEqualTo(transaction(TransactionState.COMPLETE_ABORT));
    }
}
