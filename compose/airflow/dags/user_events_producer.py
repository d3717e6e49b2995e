"""Stage 1: sends made-up events of a shop's visitors to a topic."""

from datetime import timedelta

from airflow.sdk import Asset, Param, dag
from kstage_operator import KstageOperator


@dag(
    schedule=None,
    params={
        "topic": Param("user_events", type="string", pattern=r"^\w[\w.-]*$"),
        "count": Param(10_000, type="integer", minimum=0),
    },
    default_args={"retries": 3, "retry_delay": timedelta(seconds=10)},
    tags=["kafka", "kstage"],
)
def user_events_producer():
    KstageOperator(
        task_id="produce",
        arguments=[
            *("produce", "{{ params.topic }}", "--count", "{{ params.count }}", "--partitions", "3"),
            # By its run id a retried or cleared task repeats nothing. Airflow's is unique within one DAG only.
            *("--run-id", "{{ dag.dag_id }}.{{ run_id }}"),
        ],
        outlets=[Asset("user_events")],
    )


user_events_producer()
