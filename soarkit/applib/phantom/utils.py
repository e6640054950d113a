"""Validators and small functions for apps."""

from soarkit_app.addresses import get_file_name_from_url, get_host_from_url, get_valid_file_name
from soarkit_app.commands import run_ext_command
from soarkit_app.constants import is_fail, is_success
from soarkit_app.validators import (
    CONTAINS_VALIDATORS,
    is_domain,
    is_email,
    is_hash,
    is_hostname,
    is_ip,
    is_mac,
    is_md5,
    is_sha1,
    is_sha256,
    is_sha512,
    is_url,
)
from soarkit_app.values import (
    extract_data_paths,
    get_cef_data,
    get_list_from_string,
    get_random_chars,
    get_req_value,
    get_str_val,
    get_value,
    remove_none_values,
)


class config:
    """Platform settings; ``platform_strict_tls`` is what an app passes to requests as ``verify``."""

    platform_strict_tls = True


__all__ = [
    "CONTAINS_VALIDATORS",
    "config",
    "extract_data_paths",
    "get_cef_data",
    "get_file_name_from_url",
    "get_host_from_url",
    "get_list_from_string",
    "get_random_chars",
    "get_req_value",
    "get_str_val",
    "get_valid_file_name",
    "get_value",
    "is_domain",
    "is_email",
    "is_fail",
    "is_hash",
    "is_hostname",
    "is_ip",
    "is_mac",
    "is_md5",
    "is_sha1",
    "is_sha256",
    "is_sha512",
    "is_success",
    "is_url",
    "remove_none_values",
    "run_ext_command",
]
