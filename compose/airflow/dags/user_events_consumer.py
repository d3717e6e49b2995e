"""Stage 2: stores what is new in a topic, whenever the producer has updated it; skips if nothing is."""

import os
from datetime import timedelta

from airflow.sdk import Asset, Param, dag
from kstage_operator import KstageOperator

# A directory of JSON lines, or a table: postgresql://etl@postgres/shop
DESTINATION = os.environ.get("KSTAGE_DESTINATION", "/opt/airflow/stored/user_events/")


@dag(
    schedule=[Asset("user_events")],
    max_active_runs=1,
    params={
        "topic": Param("user_events", type="string", pattern=r"^\w[\w.-]*$"),
        "destination": Param(DESTINATION, type="string", minLength=1),
    },
    default_args={"retries": 3, "retry_delay": timedelta(seconds=10)},
    tags=["kafka", "kstage"],
)
def user_events_consumer():
    # The place knows how far the topic is stored in it, so the task needs no id: it goes on there.
    KstageOperator(
        task_id="consume",
        arguments=["consume", "{{ params.topic }}", "--to", "{{ params.destination }}", "--exit-code-if-empty", "99"],
    )


user_events_consumer()
