package dev.kstage.source.template;

import static dev.kstage.source.template.UserEvents.ascii;

import dev.kstage.record.Bytes;

/** One visit of one user to the shop: its history, and its random next step. */
final class ShopSession {
    /** A step of a user, with its name in {@code event_type}. */
    @SuppressWarnings("ImmutableEnumChecker")
    enum Step {
        PAGE_VIEW("page_view"),
        SEARCH("search"),
        ADD_TO_CART("add_to_cart"),
        CHECKOUT("checkout"),
        PURCHASE("purchase");

        final byte[] word;

        Step(String word) {
            this.word = ascii(word);
        }
    }

    /** Countries of the users, with their percentage and currency. */
    @SuppressWarnings("ImmutableEnumChecker")
    enum Country {
        US(34, "USD"),
        DE(16, "EUR"),
        GB(13, "GBP"),
        IN(11, "INR"),
        FR(9, "EUR"),
        BR(8, "BRL"),
        JP(5, "JPY"),
        SE(4, "SEK");

        final int share;
        final byte[] code;
        final byte[] currency;

        Country(int share, String currency) {
            this.share = share;
            this.code = ascii(name());
            this.currency = ascii(currency);
        }

        private static final Country[] ALL = values();

        static Country of(long user) {
            int rank = (int) (SplitMix64.mix(user + 1) >>> 33) % 100;
            for (Country country : ALL) {
                rank -= country.share;
                if (rank < 0) {
                    return country;
                }
            }
            return US;
        }
    }

    private static final int PRODUCTS = 400;
    private static final byte[][] DEVICES = {ascii("mobile"), ascii("desktop"), ascii("tablet")};
    private static final byte[][] LANDINGS = {ascii("/"), ascii("/sale"), ascii("/new"), ascii("/category/shoes")};
    private static final byte[][] PRODUCT_PAGES = new byte[PRODUCTS][];
    private static final byte[] SEARCH_PAGE = ascii("/search");
    private static final byte[] CHECKOUT_PAGE = ascii("/checkout");
    private static final byte[] THANKS_PAGE = ascii("/thanks");

    static {
        for (int product = 0; product < PRODUCTS; product++) {
            PRODUCT_PAGES[product] = ascii("/product/" + (100 + product));
        }
    }

    final Bytes user;
    final long id;
    final Country country;
    final byte[] device;
    Step step = Step.PAGE_VIEW;
    private final byte[] landing;
    private int product = -1;
    private int cartInCents;

    ShopSession(SplitMix64 dice, int users) {
        // The square makes low numbers frequent: 1 % of the users have 10 % of the sessions.
        double rank = dice.fraction();
        int number = (int) (rank * rank * users);
        user = UserEvents.userId(number);
        country = Country.of(number);
        int usual = Math.floorMod(SplitMix64.mix(-number), 100) < 62 ? 0 : 1;
        int chance = dice.below(100);
        device = DEVICES[chance < 86 ? usual : chance < 94 ? 1 - usual : 2];
        id = dice.next();
        landing = LANDINGS[dice.below(LANDINGS.length)];
        if (dice.below(100) < 45) {
            product = dice.below(PRODUCTS);
        }
    }

    /** Takes the next step; returns false if the visit has ended. */
    boolean takeStep(SplitMix64 dice) {
        int chance = dice.below(100);
        switch (step) {
            case PURCHASE -> {
                return false;
            }
            case CHECKOUT -> {
                step = Step.PURCHASE;
                return chance < 72;
            }
            case ADD_TO_CART -> {
                if (chance < 46) {
                    step = Step.CHECKOUT;
                } else {
                    viewProduct(dice);
                }
                return chance < 85;
            }
            case SEARCH -> {
                viewProduct(dice);
                return chance < 83;
            }
            case PAGE_VIEW -> {
                if (product >= 0 && chance < 22) {
                    step = Step.ADD_TO_CART;
                    cartInCents += priceInCents(product);
                } else if (chance < 36) {
                    step = Step.SEARCH;
                    product = -1;
                } else {
                    viewProduct(dice);
                }
                return chance < 74;
            }
        }
        throw new IllegalStateException(step.name());
    }

    private void viewProduct(SplitMix64 dice) {
        step = Step.PAGE_VIEW;
        product = dice.below(PRODUCTS);
    }

    byte[] page() {
        return switch (step) {
            case SEARCH -> SEARCH_PAGE;
            case CHECKOUT -> CHECKOUT_PAGE;
            case PURCHASE -> THANKS_PAGE;
            case PAGE_VIEW, ADD_TO_CART -> product < 0 ? landing : PRODUCT_PAGES[product];
        };
    }

    /** The price of the added product, the total of the cart at checkout and purchase, else 0. */
    int amountInCents() {
        return switch (step) {
            case ADD_TO_CART -> priceInCents(product);
            case CHECKOUT, PURCHASE -> cartInCents;
            case PAGE_VIEW, SEARCH -> 0;
        };
    }

    /** From 2.99 to about 300, mostly low. A product always has the same price. */
    private static int priceInCents(int product) {
        int rank = (int) (SplitMix64.mix(product * 31L) >>> 40) % 1000;
        return 299 + rank * rank * 3 / 10_000 * 100;
    }
}
