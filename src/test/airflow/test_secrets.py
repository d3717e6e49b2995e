"""python3 -m unittest, in this directory: what may be logged of a command."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "compose" / "airflow" / "dags"))

from kstage_secrets import masked  # noqa: E402


class Masked(unittest.TestCase):
    def test_hides_secrets(self) -> None:
        for secret in (
            ["-X", "sasl.password=hunter2"],
            ["-Xssl.key.password=hunter2"],
            ["-X", 'sasl.jaas.config=x.PlainLoginModule required password="hunter2";'],
            ["--db-password", "hunter2"],
            ["--token=hunter2"],
            ["--to", "postgresql://etl:hunter2@db/shop"],
            ["--to", "jdbc:sqlserver://db;user=etl;password=hunter2"],
            ["--to", "jdbc:postgresql://db/shop?user=etl&password=hunter2&ssl=true"],
            ["-X", "basic.auth.user.info=me:hunter2"],
        ):
            with self.subTest(secret):
                shown = masked(["kstage", "consume", *secret])
                self.assertNotIn("hunter2", repr(shown))
                self.assertIn("***", repr(shown))

    def test_hides_it_wherever_it_stands(self) -> None:
        self.assertEqual(masked(["hunter2", "-X", "sasl.password=hunter2"]), ["***", "-X", "sasl.password=***"])

    def test_shows_everything_else(self) -> None:
        for shown in (
            ["consume", "user_events", "--to", "/data/user_events/"],
            ["--password-file", "/run/secrets/db"],
            ["-X", "client.id=me"],
            ["-X", "sasl.oauthbearer.token.endpoint.url=https://login/token"],
            ["--to", "postgresql://etl@db/shop?sslmode=require"],
        ):
            with self.subTest(shown):
                self.assertEqual(masked(shown), shown)


if __name__ == "__main__":
    unittest.main()
