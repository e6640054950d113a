"""The part of ``phantom.rules`` that belongs to playbooks: known by name, so that a call says what is missing.

The functions are found when they are asked for, and are no names of the module: apps that import all of its names keep
their own ``format``, ``close`` and ``error``.
"""

from __future__ import annotations

from soarkit_app import late_requests, session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAMES = frozenset(
    """
    act add_artifact add_comment add_pin add_tags add_task add_workbook address_in_network attacker_ips clear_data
    clear_object close collect collect2 collect_from_contains comment completed concatenate condition create_container
    custom_function datastore_add datastore_delete datastore_get datastore_set debug decision delete_note delete_pin
    discontinue email_for_name error format get_action_results get_apps get_artifacts get_assets get_base_url
    get_block_result get_current_container_id_ get_current_phase get_current_playbook_info get_current_playbook_run_id
    get_data get_default_rest_headers get_effective_user get_events get_extra_data get_filtered_data get_format_data
    get_format_data__as_list get_loop_state get_note get_notes get_object get_parent_handle get_phase
    get_playbook_info get_playbook_results get_playbook_run_id get_raw_data get_related_events get_responses
    get_rest_base_url get_run_data get_summary get_tags get_tasks merge no_op parse_errors parse_results parse_success
    pin playbook playbook_block print_errors print_results promote prompt prompt2 remove_list remove_tags
    render_template save_block_result save_data save_object save_playbook_output_data save_run_data set_action_limit
    set_label set_owner set_parent_handle set_phase set_sensitivity set_severity set_status tag task update
    update_artifact_fields update_list update_note update_pin users valid_ip valid_net victim_ips
    """.split()
)


def find(name: str) -> Any:
    """The ``__getattr__`` of ``phantom.rules``."""
    return _refusing(name) if name in _NAMES else late_requests.find(name)


def _refusing(name: str) -> Any:
    def refuse(*arguments: Any, **named: Any) -> Any:
        """Not here. :raises NotImplementedError: always"""
        reason = f"phantom.rules.{name} belongs to playbooks, which soarkit does not run"
        session.log("error", reason)
        raise NotImplementedError(reason)

    refuse.__name__ = refuse.__qualname__ = name
    return refuse
