package dev.kstage.sink.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kstage.report.Failure;
import dev.kstage.report.FailureText;
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
                "jdbc:sqlserver://db;user=etl;password=s3cr3t",
                "jdbc:sqlserver://db;encrypt=true;trustStorePassword=s3cr3t",
                "jdbc:oracle:thin:scott/s3cr3t@h:1521/x",
                "jdbc:oracle:thin:scott/s3cr3t@//h:1521/x",
                "jdbc:oracle:thin:scott/\"s3cr3t@1\"@h",
                "jdbc:mysql://etl:s3cr3t@db/shop",
                "jdbc:mysql://etl:s3?cr3t@db/shop",
                "jdbc:mysql:replication://etl:s3cr3t@one,two/shop",
                "jdbc:mysql://(host=db,user=etl,password=s3cr3t)/shop",
                "jdbc:mysql://address=(host=db)(password = s3cr3t)/shop",
                "jdbc:mysql://db/shop?pass%77ord=s3cr3t",
                "jdbc:postgresql://db/shop?user=me&sslfactory_secret=s3cr3t",
                "jdbc:x://db/shop?accessKey=s3cr3t",
                "jdbc:x://db/shop?auth.token=s3cr3t",
                "jdbc:x:etl/s3cr3t@db",
                "jdbc:sqlite:events.db?key=s3cr3t",
                "jdbc:h2:file:events;PASSWORD=s3cr3t"
            })
    void refuses_a_password_in_the_url_and_does_not_repeat_it(String url) {
        assertThatThrownBy(() -> login(url)).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.USAGE);
            assertThat(failure.what() + failure.why() + failure.remedy())
                    .contains("KSTAGE_DB_PASSWORD", "--password-file")
                    .doesNotContain("s3cr3t", "s3", "cr3t");
        });
    }

    @Test
    void names_the_user_who_logs_in() {
        assertThat(login("jdbc:postgresql://db/shop?sslmode=require&user=me%40corp")
                        .displayName())
                .isEqualTo("postgresql://me%40corp@db/shop");
        assertThat(login("jdbc:postgresql://db/shop").displayName())
                .isEqualTo("postgresql://" + System.getProperty("user.name") + "@db/shop");
    }

    @Test
    void names_the_parameter_that_may_be_a_secret() {
        assertThat(FailureText.by(() -> login("jdbc:sqlserver://db;trustStorePassword=x")))
                .contains("its parameter trustStorePassword looks like one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db:5432/shop?user=me@corp&sslkey=/home/me/client.key&sslmode=verify-full",
                "jdbc:sqlserver://db:1433;user=me@corp;clientKey=/home/me/client.key",
                "jdbc:oracle:thin:@//h:1521/x",
                "jdbc:oracle:thin:/@h",
                "jdbc:oracle:thin:scott@h:1521:x",
                "jdbc:mysql://etl@db:3306/shop",
                "jdbc:h2:file:/data/a@b:c/events",
                "jdbc:sqlite:/data/a:b@c/events.db"
            })
    void takes_a_url_that_has_no_secret(String url) {
        assertThat(login(url).password()).isNull();
    }

    @Test
    void names_the_kind_of_database_alone_where_it_has_no_driver(@TempDir Path directory) throws Exception {
        assertThatThrownBy(() -> login("jdbc:other://db/shop;option=x").connect())
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
                .hasToString("postgresql://etl@db/shop");
        assertThat(new DatabaseLogin("jdbc:postgresql://db/shop", "e@l", null, null))
                .hasToString("postgresql://e%40l@db/shop");
    }
}
