package dev.kstage.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseLoginTest {
    private static DatabaseLogin login(String url) {
        return new DatabaseLogin(url, null, null, null);
    }

    @Test
    void takes_the_user_out_of_a_url_since_the_driver_can_not_have_it_there() {
        DatabaseLogin login = login("jdbc:postgresql://e%40l@db:5432/shop?ssl=true");

        assertThat(login.url()).isEqualTo("jdbc:postgresql://db:5432/shop?ssl=true");
        assertThat(login.user()).isEqualTo("e@l");
        assertThat(new DatabaseLogin("jdbc:postgresql://etl@db/shop", "other", null, null).user())
                .isEqualTo("other");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://etl:s3cr3t@db/shop",
                "jdbc:postgresql://db/shop?user=etl&password=s3cr3t",
                "jdbc:postgresql://db/shop?PASSWORD=s3cr3t",
                "jdbc:postgresql://db/shop?sslpassword=s3cr3t",
                "jdbc:sqlserver://db;user=etl;password=s3cr3t"
            })
    void refuses_a_password_in_the_url_and_does_not_repeat_it(String url) {
        assertThatThrownBy(() -> login(url)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.what() + failure.why() + failure.remedy())
                    .contains("KSTAGE_DB_PASSWORD", "--password-file")
                    .doesNotContain("s3cr3t");
        });
    }

    @Test
    void names_the_kind_of_database_alone_where_it_has_no_driver(@TempDir Path directory) throws Exception {
        assertThatThrownBy(() -> login("jdbc:other://db/shop;secret=x").connect())
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.what())
                        .isEqualTo("there is no driver for jdbc:other"));
        Path noJar = Files.writeString(directory.resolve("driver.jar"), "not a jar");
        assertThatThrownBy(() -> new DatabaseLogin("jdbc:other://db/shop", null, null, noJar).connect())
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.what())
                        .contains("there is no driver in", "for jdbc:other"));
    }

    @Test
    void shows_neither_password_nor_parameters() {
        assertThat(new DatabaseLogin("jdbc:postgresql://etl@db/shop?options=x", null, "s3cr3t", null))
                .hasToString("postgresql://db/shop");
    }
}
