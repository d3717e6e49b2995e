"""kstage as a task: one operator, which the DAGs beside this file use."""

import json
import os
from collections.abc import Sequence
from typing import Any

from airflow.providers.standard.hooks.subprocess import SubprocessHook
from airflow.sdk import BaseOperator, Connection
from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

JAR = os.environ.get("KSTAGE_JAR", "/opt/kstage/kstage.jar")

# Exit codes of kstage. Any other, as 4 (temporary) or that of a killed process, is left to the task's retries:
# the same command goes on where the killed one ended, and repeats nothing.
FAILS_AGAIN = {1: "failed", 2: "wrong usage or configuration", 3: "a check did not hold"}
NOTHING_THERE = 99


class KstageOperator(BaseOperator):
    """
    Runs a kstage command on the cluster of an Airflow connection. Its log is the task's, its report the XCom.

    :param arguments: the command, as ["consume", "user_events", "--to", "/data/user_events/"] (templated)
    :param kafka_conn_id: the Airflow connection; kstage gets it by environment, so no secret is in an argument
    """

    template_fields: Sequence[str] = ("arguments",)

    def __init__(self, *, arguments: list[str], kafka_conn_id: str = "kafka_default", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.arguments = arguments
        self.kafka_conn_id = kafka_conn_id
        self.process = SubprocessHook()

    def execute(self, context: Any) -> dict[str, Any]:
        connection = Connection.get(self.kafka_conn_id)
        result = self.process.run_command(
            ["java", "-jar", JAR, *self.arguments, "--profile", self.kafka_conn_id, "--output", "json"],
            env=os.environ | {f"AIRFLOW_CONN_{self.kafka_conn_id.upper()}": connection.as_json()},
        )
        if result.exit_code == NOTHING_THERE:
            raise AirflowSkipException("there was nothing to consume")
        if result.exit_code in FAILS_AGAIN:
            raise AirflowFailException(f"kstage: {FAILS_AGAIN[result.exit_code]} (exit code {result.exit_code})")
        if result.exit_code != 0:
            raise AirflowException(f"kstage ended with exit code {result.exit_code}; it can be run again")
        return json.loads(result.output)

    def on_kill(self) -> None:
        self.process.send_sigterm()
