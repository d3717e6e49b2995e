package dev.kstage.source.template;

import dev.kstage.record.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * The {@code user_events} template: visitors of a shop. A session starts with a page view. A product is added to the
 * cart from its page, and bought only after a checkout. Few users are much more active than the others. A user keeps
 * the country and usually the device, and a product keeps its price.
 *
 * <p>Events are generated in blocks of {@value #BLOCK}, in which several sessions interleave. A block depends only on
 * the seed and its number. Timestamps rise by 40 ms per event on average, from the start of 2026.
 */
public final class UserEvents implements EventTemplate {
    static final int BLOCK = 64;

    private static final int OPEN_SESSIONS = 6;
    private static final int USERS = 5_000;
    private static final int MILLIS_AN_EVENT = 40;
    private static final long MILLIS_A_DAY = 86_400_000;
    private static final long START = LocalDate.of(2026, 1, 1).toEpochDay() * MILLIS_A_DAY;

    private static final byte[] EVENT_ID = ascii("{\"event_id\":\"");
    private static final byte[] USER_ID = ascii("\",\"user_id\":\"");
    private static final byte[] SESSION_ID = ascii("\",\"session_id\":\"");
    private static final byte[] EVENT_TYPE = ascii("\",\"event_type\":\"");
    private static final byte[] PAGE = ascii("\",\"page\":\"");
    private static final byte[] AMOUNT = ascii("\",\"amount\":");
    private static final byte[] NO_AMOUNT = ascii("null,\"currency\":null");
    private static final byte[] CURRENCY = ascii(",\"currency\":\"");
    private static final byte[] DEVICE = ascii(",\"device\":\"");
    private static final byte[] COUNTRY = ascii("\",\"country\":\"");
    private static final byte[] TIMESTAMP = ascii("\",\"timestamp\":\"");
    private static final byte[] END = ascii("Z\"}");

    private final long seed;
    private final Event[] block = new Event[BLOCK];
    private final ShopSession[] open = new ShopSession[OPEN_SESSIONS];
    private final JsonText text = new JsonText();
    private long blockInMemory = -1;
    private long dayInText = -1;
    private byte[] day = {};

    /** @param seed any number; another seed gives other events */
    public UserEvents(long seed) {
        this.seed = seed;
    }

    @Override
    public String name() {
        return "user_events";
    }

    @Override
    public Event event(long index) {
        if (index / BLOCK != blockInMemory) {
            make(index / BLOCK);
        }
        return block[(int) (index % BLOCK)];
    }

    @Override
    public long indexOf(byte[] value, int from, int to) {
        int at = from + EVENT_ID.length;
        if (at + 16 > to || !Arrays.equals(value, from, at, EVENT_ID, 0, EVENT_ID.length)) {
            return -1;
        }
        long id = 0;
        for (int digit = 0; digit < 16; digit++) {
            int hex = Character.digit(value[at + digit], 16);
            if (hex < 0) {
                return -1;
            }
            id = id << 4 | hex;
        }
        long index = SplitMix64.unmix(id) - SplitMix64.mix(seed);
        return index >= 0 ? index : -1;
    }

    private void make(long number) {
        SplitMix64 dice = new SplitMix64(SplitMix64.mix(seed) ^ SplitMix64.mix(~number));
        Arrays.fill(open, null);
        for (int at = 0; at < BLOCK; at++) {
            int slot = dice.below(OPEN_SESSIONS);
            ShopSession session = open[slot];
            if (session == null || !session.takeStep(dice)) {
                session = new ShopSession(dice, USERS);
                open[slot] = session;
            }
            block[at] = event(number * BLOCK + at, session, dice);
        }
        blockInMemory = number;
    }

    private Event event(long index, ShopSession session, SplitMix64 dice) {
        text.clear().add(EVENT_ID).hex(SplitMix64.mix(index + SplitMix64.mix(seed)), 16);
        text.add(USER_ID).add(session.user.array());
        text.add(SESSION_ID).hex(session.id, 12);
        text.add(EVENT_TYPE).add(session.step.word);
        text.add(PAGE).add(session.page());
        text.add(AMOUNT);
        if (session.amountInCents() > 0) {
            text.number(session.amountInCents() / 100, 1).add('.').number(session.amountInCents() % 100, 2);
            text.add(CURRENCY).add(session.country.currency).add('"');
        } else {
            text.add(NO_AMOUNT);
        }
        text.add(DEVICE).add(session.device);
        text.add(COUNTRY).add(session.country.code);
        text.add(TIMESTAMP);
        addTime(START + index * MILLIS_AN_EVENT + dice.below(MILLIS_AN_EVENT));
        return new Event(session.user, text.add(END).bytes());
    }

    private void addTime(long millis) {
        long today = millis / MILLIS_A_DAY;
        if (today != dayInText) {
            day = ascii(LocalDate.ofEpochDay(today) + "T");
            dayInText = today;
        }
        long time = millis % MILLIS_A_DAY;
        text.add(day).number(time / 3_600_000, 2).add(':').number(time / 60_000 % 60, 2);
        text.add(':').number(time / 1000 % 60, 2).add('.').number(time % 1000, 3);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static Bytes userId(int user) {
        return Bytes.of("u" + (10_000 + user));
    }
}
