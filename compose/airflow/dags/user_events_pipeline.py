"""Both stages and a check: produce, consume with several workers at a time, verify what is stored."""

import os
from datetime import timedelta

from airflow.sdk import Param, dag
from kstage_operator import KstageOperator

# What several workers can fill together: a directory that all of them see, or postgresql://etl@postgres/shop
DESTINATION = os.environ.get("KSTAGE_DESTINATION", "/opt/airflow/stored/user_events/")
WORKERS = 3


@dag(
    schedule=None,
    # Workers of two runs at a time would have the same names.
    max_active_runs=1,
    params={
        "topic": Param("user_events", type="string", pattern=r"^\w[\w.-]*$"),
        "count": Param(10_000, type="integer", minimum=0),
        "destination": Param(DESTINATION, type="string", minLength=1),
    },
    default_args={"retries": 3, "retry_delay": timedelta(seconds=10)},
    tags=["kafka", "kstage"],
)
def user_events_pipeline():
    # By its run id a retried or cleared task repeats nothing. Airflow's is unique within one DAG only.
    run_id = "{{ dag.dag_id }}.{{ run_id }}"
    consume = ["consume", "{{ params.topic }}", "--to", "{{ params.destination }}", "--exit-code-if-empty", "99"]

    produced = KstageOperator(
        task_id="produce",
        arguments=[
            *("produce", "{{ params.topic }}", "--count", "{{ params.count }}"),
            *("--partitions", str(WORKERS), "--run-id", run_id),
        ],
    )
    consumed = KstageOperator.partial(task_id="consume").expand(
        # One group, one place; a worker that is started again takes its partitions back by its name.
        arguments=[[*consume, "--group-instance-id", str(worker)] for worker in range(WORKERS)]
    )
    verified = KstageOperator(
        task_id="verify",
        # A worker that found nothing is skipped; others may have stored everything.
        trigger_rule="none_failed",
        arguments=["verify", "{{ params.destination }}", "--run-id", run_id, "--allow-foreign-records"],
    )
    produced >> consumed >> verified


user_events_pipeline()
