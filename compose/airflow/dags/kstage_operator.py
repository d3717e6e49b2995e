"""kstage as a task: one operator, which the DAGs beside this file use."""

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from typing import Any

# The one place that has them in every Airflow 3; airflow.sdk.exceptions does only since 3.2.
from airflow.providers.common.compat.sdk import AirflowException, AirflowFailException, AirflowSkipException
from airflow.sdk import BaseOperator, Connection
from kstage_secrets import masked, secrets_in

try:
    from airflow.sdk.log import mask_secret
except ImportError:  # Airflow 3.0
    from airflow.sdk.execution_time.secrets_masker import mask_secret

JAR = os.environ.get("KSTAGE_JAR", "/opt/kstage/kstage.jar")

# Exit codes of kstage. Any other, as 4 (temporary) or that of a killed process, is left to the task's retries:
# the same command goes on where the killed one ended, and repeats nothing.
FAILS_AGAIN = {1: "failed", 2: "wrong usage or configuration", 3: "a check did not hold"}
NOTHING_THERE = 99


class KstageOperator(BaseOperator):
    """
    Runs a kstage command on the cluster of an Airflow connection. What it says is the task's log, its report the XCom.

    :param arguments: the command, as ["consume", "user_events", "--to", "/data/user_events/"] (templated)
    :param kafka_conn_id: the Airflow connection; kstage gets it by environment, so no secret is in an argument
    """

    template_fields: Sequence[str] = ("arguments",)

    def __init__(self, *, arguments: list[str], kafka_conn_id: str = "kafka_default", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.arguments = arguments
        self.kafka_conn_id = kafka_conn_id
        self.process: subprocess.Popen[str] | None = None

    def execute(self, context: Any) -> dict[str, Any]:
        connection = Connection.get(self.kafka_conn_id)
        command = ["java", "-jar", JAR, *self.arguments, "--profile", self.kafka_conn_id, "--output", "json"]
        for secret in secrets_in(self.arguments):
            # In what kstage says as well, and in what Airflow shows of the task.
            mask_secret(secret)
        self.log.info("Running %s", masked(command))
        with tempfile.TemporaryFile("w+", encoding="utf-8") as report:
            self.process = subprocess.Popen(
                command,
                env=os.environ | {f"AIRFLOW_CONN_{self.kafka_conn_id.upper()}": connection.as_json()},
                # Not the task's own, which is its line to Airflow: if the task is killed, kstage must not keep it open.
                stdin=subprocess.DEVNULL,
                stdout=report,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="backslashreplace",
                # A signal to the task and all it started comes to kstage by on_kill, once.
                start_new_session=True,
            )
            for line in self.process.stderr:
                self.log.info("%s", line.rstrip())
            code = self.process.wait()
            report.seek(0)
            lines = report.read().splitlines()

        if lines:
            self.log.info("%s", lines[-1])
        if code == NOTHING_THERE:
            raise AirflowSkipException("There was nothing to consume")
        if code in FAILS_AGAIN:
            raise AirflowFailException(f"kstage: {FAILS_AGAIN[code]} (exit code {code})")
        if code != 0:
            raise AirflowException(f"kstage ended with exit code {code}; it can be run again")
        return json.loads(lines[-1])

    def on_kill(self) -> None:
        if self.process:
            self.process.terminate()
